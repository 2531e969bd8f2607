import { EventEmitter, once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DEFAULT_PORT, type FleetStatus, HookName, Limits, LOST_AFTER_S, Retention, SkepError } from '@skep/protocol';
import type { QueueOrder } from '@skep/scheduler';
import type { Store } from '@skep/store';
import { type Logger, pino } from 'pino';
import { Server } from 'socket.io';
import { ArtifactHouse } from './artifacts/ArtifactHouse.js';
import { type ArtifactPlace, openArtifactPlace } from './artifacts/openArtifactPlace.js';
import { type Clock, systemClock } from './clock.js';
import { Coordinator } from './coordinator/Coordinator.js';
import type { WeighedJob } from './coordinator/turnOf.js';
import { Gateway, type QueenEvents } from './gateway/Gateway.js';
import { Hub } from './gateway/Hub.js';
import { holdBack } from './gateway/holdBack.js';
import { type Hook, LocalHooks } from './gateway/LocalHooks.js';
import { tellTooLarge } from './gateway/tellTooLarge.js';
import { type Access, createAccess } from './http/access.js';
import { createHttp } from './http/app.js';
import { createLinks } from './http/links.js';
import { QueenMetrics } from './http/metrics.js';
import { readWebFiles, type WebFiles } from './http/page/WebFiles.js';
import { createViews, type Views } from './http/views.js';
import { openStore } from './openStore.js';
import { FleetStats } from './reads/FleetStats.js';
import { createReader } from './reads/JobReader.js';
import { LastLines } from './reads/LastLines.js';
import { Projects } from './reads/Projects.js';
import { JobRetention } from './retention/JobRetention.js';
import { openSeals, type Seals } from './seals.js';
import { ErrorIndex } from './search/ErrorIndex.js';
import { Searches } from './search/Searches.js';
import { createTickets } from './tickets.js';
import { VERSION } from './version.js';

/** How often each side of a socket hears of the other, and how long it may then be silent, in ms: together under 15 s. */
const PING_INTERVAL_MS = 5000;
const PING_TIMEOUT_MS = 8000;
/** How long a plain drone may be silent. */
const SILENCE_MS = 60_000;

export interface QueenOptions {
  /** The folder of the store; needed unless `store` is given. */
  dataDir?: string;
  /** In place of SQLite in `dataDir`: `memory` keeps nothing beyond `close`, which also closes a store of the caller's own. */
  store?: 'memory' | Store;
  /**
   * Which waiting job goes first; `fifo` if absent: the highest priority, and among equal ones the first that came. `random`:
   * among equal priorities any. A function gives each job that begins to wait a weight; the heaviest goes first, whatever its
   * priority.
   */
  order?: QueueOrder<WeighedJob>;
  /** 127.0.0.1 if absent. Any other than a loopback address needs tokens, and so does one with other names. */
  host?: string;
  /** 7874 if absent; 0 takes a free one. */
  port?: number;
  /** Names beside `host` under which the queen may be reached. */
  hosts?: readonly string[];
  /** Origins beside its own whose pages may speak to it. */
  origins?: readonly string[];
  /** Whether the badges of projects are shown to everybody, without a token where others need one; not if absent. */
  publicBadges?: boolean;
  limits?: Partial<Limits>;
  /**
   * Where artifacts rest: the address of a folder (`file:///...`) or of a bucket (`s3://bucket/prefix?region=&endpoint=`), or one
   * that each is given to by POST (`https://...`), with a copy in the folder. A folder in `dataDir` if absent.
   */
  artifacts?: string;
  /** How long jobs that are done are kept, with their output and artifacts; for ever if absent. Looked after once an hour. */
  retention?: Retention;
  /** Milliseconds that a drone which is gone keeps its attempts; 60,000 if absent. */
  lostAfterMs?: number;
  /** Milliseconds that a plain drone may be silent; 60,000 if absent. */
  silenceMs?: number;
  log?: Logger;
  /** The folder of the built pages (apps/web); none are served if absent. */
  webDir?: string | URL;
  /** The script of the store's threads, for programs that are bundled into one file. */
  storeThreadEntry?: URL | string;
  /** The script of the threads that search output, for the same programs. */
  searchThreadEntry?: URL | string;
}

export interface Listening {
  /** Where the queen is reached. */
  url: string;
  /** The admin token, at the first start of a queen that needs tokens. It is never shown again. */
  adminToken?: string;
}

/** Everything that lives from `listen` to `close`. */
interface Parts {
  store: Store;
  server: HttpServer;
  io: Server;
  coordinator: Coordinator;
  gateway: Gateway;
  house: ArtifactHouse;
}

const loopbackHosts = new Set(['127.0.0.1', '::1', 'localhost']);

/** A queen: takes jobs, hands them to drones, and tells everybody who watches. It does nothing until it is told to listen. */
export class Queen extends EventEmitter<QueenEvents> {
  readonly #options: QueenOptions;
  readonly #log: Logger;
  readonly #clock: Clock = systemClock;
  #parts: Parts | undefined;
  readonly #hooks: LocalHooks;
  #isStopping = false;

  constructor(options: QueenOptions) {
    super();
    this.#options = options;
    this.#log = options.log ?? pino({ level: 'silent' });
    this.#hooks = new LocalHooks(this.#log);
  }

  /**
   * Opens the store, rebuilds what was waiting and running, and serves sockets and HTTP. Resolved when the queen is ready.
   * @throws {SkepError} DATA_IN_USE, STORE_NEWER, STORE_FULL, INVALID_CONFIG (the address is taken or not allowed),
   *   ARTIFACT_STORE_UNREACHABLE, ARTIFACT_STORE_FAILED
   */
  async listen(): Promise<Listening> {
    const { host = '127.0.0.1', webDir } = this.#options;
    const web: WebFiles = webDir === undefined ? new Map() : await readWebFiles(webDir);
    const store = await openStore(this.#options);
    let place: ArtifactPlace | undefined;
    try {
      place = await openArtifactPlace({ dataDir: this.#options.dataDir, address: this.#options.artifacts, log: this.#log });
      const seals = await openSeals(this.#options.dataDir);
      const access = await createAccess({
        store,
        tickets: createTickets(seals),
        host,
        hosts: this.#options.hosts ?? [],
        origins: this.#options.origins ?? [],
        // Another name means that a proxy brings others here.
        tokenRequired: !loopbackHosts.has(host) || (this.#options.hosts ?? []).length > 0,
        now: this.#clock.now,
      });
      const adminToken = await access.ensureAdminToken();
      const views = await createViews({ store, now: this.#clock.now });
      this.#parts = this.#assemble(store, place, access, views, seals, web);
      await this.#parts.coordinator.start();
      await this.#parts.house.start();
      const url = await this.#bind(this.#parts.server, host);
      return { url, ...(adminToken !== undefined && { adminToken }) };
    } catch (error) {
      await this.close();
      await place?.close();
      await store.close();
      throw error;
    }
  }

  /**
   * Calls a function whenever this becomes of a job of one of these types (`*`: of any), after it is durable. What the
   * function throws is logged; nobody waits for its promise. Also before `listen`.
   * @returns how to end it
   */
  hook(name: HookName, types: string | readonly string[], call: Hook): () => void {
    return this.#hooks.add(HookName.parse(name), [types].flat(), call);
  }

  /** How many jobs wait and run, and what every drone does. @throws {SkepError} QUEEN_STOPPING while it does not listen */
  status(): FleetStatus {
    const coordinator = this.#parts?.coordinator;
    if (!coordinator) throw new SkepError('QUEEN_STOPPING', 'The queen does not listen');
    const { queued, assigned, running } = coordinator.counts();
    return { jobs: { queued, running: assigned + running }, drones: coordinator.listDrones() };
  }

  /** Writes what was decided, tells everybody that it leaves, and closes. Drones go on and come back to the next queen. */
  async close(): Promise<void> {
    this.#isStopping = true;
    const parts = this.#parts;
    this.#parts = undefined;
    if (!parts) return;
    parts.coordinator.stop();
    parts.gateway.close();
    // Answers that follow a job would never end by themselves: those who read them see a cut, not a false end.
    const closed = parts.io.close();
    parts.server.closeAllConnections();
    await closed;
    await parts.house.close();
    await parts.store.close();
  }

  #assemble(store: Store, place: ArtifactPlace, access: Access, views: Views, seals: Seals, web: WebFiles): Parts {
    const { lostAfterMs = LOST_AFTER_S * 1000, silenceMs = SILENCE_MS } = this.#options;
    const log = this.#log;
    const limits = Limits.parse(this.#options.limits ?? {});
    const meter = new QueenMetrics();
    const hub = new Hub();
    const lines = new LastLines();
    const gateway = new Gateway(hub, lines, this, this.#hooks);
    const coordinator = new Coordinator({
      store,
      announcer: gateway,
      clock: this.#clock,
      log,
      meter,
      limits,
      lostAfterMs,
      tickets: createTickets(seals),
      random: Math.random,
      order: this.#options.order,
    });
    const { now } = this.#clock;
    const retention = new JobRetention({
      store,
      retention: Retention.parse(this.#options.retention ?? {}),
      neededJobs: () => coordinator.neededJobs(),
      now,
    });
    const house = new ArtifactHouse({ store, desk: coordinator, retention, limits, now, log, place });
    const reader = createReader({ store, desk: coordinator, hub, lines });
    const stats = new FleetStats({ store, desk: coordinator, now: this.#clock.now });
    this.on('job:done', ({ finished }) => stats.jobDone(finished ?? this.#clock.now()));
    const isStopping = (): boolean => this.#isStopping;
    const searches = new Searches(reader, this.#options.searchThreadEntry);
    const errorIndex = new ErrorIndex(searches, reader);
    this.on('job:done', ({ id, outcome }) => {
      if (outcome === 'failed') errorIndex.prepare(id);
    });
    const app = createHttp({
      desk: coordinator,
      schedules: coordinator.scheduleDesk,
      templates: coordinator.templateDesk,
      platforms: coordinator.platformDesk,
      reader,
      projects: new Projects({ store, reader, hasPublicBadges: this.#options.publicBadges ?? false }),
      stats,
      searches,
      errorIndex,
      access,
      links: createLinks(seals, this.#clock.now),
      views,
      artifacts: house.artifacts,
      uploads: house.uploads,
      contents: house.contents,
      retention,
      metrics: meter,
      limits,
      isStopping,
      version: VERSION,
      web,
      log,
    });
    const server = createServer(app);
    const io = new Server(server, {
      serveClient: true,
      maxHttpBufferSize: limits.maxPayload,
      pingInterval: PING_INTERVAL_MS,
      pingTimeout: PING_TIMEOUT_MS,
      perMessageDeflate: false,
      httpCompression: false,
      cors: { origin: [...(this.#options.origins ?? [])] },
    });
    tellTooLarge(io, limits.maxPayload);
    holdBack(io);
    gateway.open({ io, coordination: coordinator, reader, store, hub, access, limits, silenceMs, meter, log });
    return { store, server, io, coordinator, gateway, house };
  }

  async #bind(server: HttpServer, host: string): Promise<string> {
    const { port = DEFAULT_PORT } = this.#options;
    server.listen(port, host);
    try {
      await once(server, 'listening');
    } catch (error) {
      const cause = error as NodeJS.ErrnoException;
      const taken = cause.code === 'EADDRINUSE';
      throw new SkepError(
        'INVALID_CONFIG',
        taken ? `Port ${port} of ${host} is taken` : `The queen cannot listen on ${host}:${port}: ${cause.message}`,
        {
          cause,
          ...(taken && { hint: 'Another queen may be running there; stop it, or give another --port.' }),
        },
      );
    }
    const { port: bound } = server.address() as AddressInfo;
    return `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
  }
}
