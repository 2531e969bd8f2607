import { PartialFiles } from '@skep/artifacts';
import type { Limits } from '@skep/protocol';
import type { Store } from '@skep/store';
import type { Logger } from 'pino';
import type { JobDesk } from '../ports.js';
import type { JobRetention } from '../retention/JobRetention.js';
import { Artifacts } from './Artifacts.js';
import { Contents } from './Contents.js';
import type { ArtifactPlace } from './openArtifactPlace.js';
import { Uploads } from './Uploads.js';

export interface ArtifactHouseOptions {
  store: Store;
  desk: Pick<JobDesk, 'checkLease'>;
  /** What is removed of the jobs that had artifacts. */
  retention: Pick<JobRetention, 'apply'>;
  limits: Limits;
  now: () => number;
  log: Logger;
  /** Closed with the house. */
  place: ArtifactPlace;
}

/** How often what nobody needs any more is looked for. */
const UPKEEP_MS = 3600 * 1000;
/** Of how many such rounds one looks through all contents. */
const SWEEP_EVERY = 24;

/** All that a queen has to do with artifacts: their uploads, their contents, and what is known of them. */
export class ArtifactHouse {
  readonly artifacts: Artifacts;
  readonly uploads: Uploads;
  readonly contents: Contents;
  readonly #place: ArtifactPlace;
  readonly #log: Logger;
  readonly #retention: Pick<JobRetention, 'apply'>;
  #timer: NodeJS.Timeout | undefined;
  #rounds = 0;
  #isStopping = false;
  #upkeep: Promise<void> = Promise.resolve();

  constructor({ store, desk, retention, limits, now, log, place }: ArtifactHouseOptions) {
    this.#place = place;
    this.#log = log;
    this.#retention = retention;
    this.contents = new Contents({ store, contents: place.contents, log });
    const partials = new PartialFiles(place.uploadsFolder);
    this.uploads = new Uploads({ store, contents: this.contents, partials, desk, limits, now });
    this.artifacts = new Artifacts({ store, now });
  }

  /** Finds again what was on its way, and begins to look for what nobody needs. */
  async start(): Promise<void> {
    await this.uploads.start();
    this.#timer = setInterval(() => this.#round(), UPKEEP_MS);
    this.#timer.unref();
    this.#round();
  }

  /** Ends uploads and upkeep where they are. */
  async close(): Promise<void> {
    this.#isStopping = true;
    clearInterval(this.#timer);
    await this.uploads.close();
    await this.#upkeep;
    await this.#place.close();
    await this.uploads.ended();
  }

  #round(): void {
    this.#upkeep = this.#upkeep.then(() => this.#keepUp()).catch((err: unknown) => this.#log.error({ err }, 'upkeep of artifacts failed'));
  }

  async #keepUp(): Promise<void> {
    if (this.#isStopping) return;
    await this.uploads.sweep();
    const isStopping = (): boolean => this.#isStopping;
    const removed = await this.#retention.apply(isStopping);
    if (removed > 0) this.#log.info({ removed }, 'jobs and caches removed that were beyond what is kept');
    if (removed > 0 || this.#rounds % SWEEP_EVERY === 0) await this.contents.sweep(isStopping);
    this.#rounds += 1;
  }
}
