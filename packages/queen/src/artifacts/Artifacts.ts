import { type ArtifactInfo, type ArtifactPage, type ArtifactSearch, formOfKind, SkepError } from '@skep/protocol';
import type { ArtifactFilter, ArtifactRecord, CacheRecord, Store } from '@skep/store';
import type { TicketHolder } from '../tickets.js';

/** The most artifacts that are looked at for one page of them. */
const LOOKED_AT = 5000;
/** A cache is noted as used no more often than this. */
const USED_MS = 3600 * 1000;

export interface ArtifactsOptions {
  store: Pick<Store, 'job' | 'artifacts' | 'artifact' | 'artifactPage' | 'latestArtifact' | 'cache' | 'commit'>;
  now: () => number;
}

/** What artifacts and caches there are. */
export class Artifacts {
  readonly #store: ArtifactsOptions['store'];
  readonly #now: () => number;

  constructor({ store, now }: ArtifactsOptions) {
    this.#store = store;
    this.#now = now;
  }

  /**
   * The artifacts of an attempt, by path; of the latest if none is named.
   * @param paths only these, and those in the folders that are written with a `/` at their end; all if there are none
   * @throws JOB_NOT_FOUND; ARTIFACT_NOT_FOUND if nothing is at one of `paths`
   */
  async list(jobId: string, attempt?: number, paths: readonly string[] = []): Promise<ArtifactRecord[]> {
    const all = await this.#store.artifacts(jobId, await this.#attemptOf(jobId, attempt));
    if (paths.length === 0) return all;
    const lies = ({ path }: ArtifactRecord, at: string): boolean => path === at || (at.endsWith('/') && path.startsWith(at));
    const missing = paths.find((at) => !all.some((record) => lies(record, at)));
    if (missing !== undefined) throw new SkepError('ARTIFACT_NOT_FOUND', `Job ${jobId} has no artifact ${missing}`);
    return all.filter((record) => paths.some((at) => lies(record, at)));
  }

  /** One artifact. @throws JOB_NOT_FOUND, ARTIFACT_NOT_FOUND */
  async find(jobId: string, path: string, attempt?: number): Promise<ArtifactRecord> {
    const found = await this.#store.artifact(jobId, await this.#attemptOf(jobId, attempt), path);
    if (!found) throw new SkepError('ARTIFACT_NOT_FOUND', `Job ${jobId} has no artifact ${path}`);
    return found;
  }

  /** The artifact of the newest job of a project that passed with one of this path. @throws ARTIFACT_NOT_FOUND */
  async latest(project: string, path: string): Promise<ArtifactRecord> {
    const found = await this.#store.latestArtifact(project, path);
    if (!found) throw new SkepError('ARTIFACT_NOT_FOUND', `No job of ${project} passed with an artifact ${path}`);
    return found;
  }

  /** A page of the artifacts of all jobs, those of the newest attempt first. @throws INVALID_MESSAGE */
  async page({ sha256, project, path, kind, before, limit }: ArtifactSearch): Promise<ArtifactPage> {
    const filter: ArtifactFilter = {
      limit,
      ...(sha256 !== undefined && { sha256 }),
      ...(project !== undefined && { project }),
      ...(path !== undefined && { text: path }),
      ...(kind !== undefined && { mediaType: formOfKind(kind) }),
      ...(before !== undefined && { before }),
    };
    const { artifacts, next } = await this.#store.artifactPage(filter, LOOKED_AT);
    return { artifacts: artifacts.map(({ project: name, ...record }) => ({ ...artifactInfoOf(record), project: name })), next };
  }

  /** The cache of this key, or the newest of the first prefix that any begins with. @throws CACHE_NOT_FOUND */
  async cache(project: string, key: string, prefixes: readonly string[]): Promise<CacheRecord> {
    const found = await this.#store.cache(project, key, prefixes);
    if (!found) throw new SkepError('CACHE_NOT_FOUND', `There is no cache ${key}${project === '' ? '' : ` of ${project}`}`);
    const usedAt = this.#now();
    if (usedAt - found.usedAt > USED_MS) await this.#store.commit([{ type: 'cache', record: { ...found, usedAt } }]);
    return found;
  }

  /** Whether an attempt, if one shows its ticket, may read this job's artifacts: its own, and those of jobs that it comes after. @throws FORBIDDEN */
  async checkReader(holder: TicketHolder | undefined, jobId: string): Promise<void> {
    if (!holder || holder.id === jobId) return;
    const before = (await this.#store.job(holder.id))?.job.after ?? [];
    // What comes after a parent comes after its children.
    let isBefore = false;
    for (let id: string | null | undefined = jobId; id != null && !isBefore; id = (await this.#store.job(id))?.parent)
      isBefore = before.includes(id);
    if (!isBefore) throw new SkepError('FORBIDDEN', `The ticket is that of job ${holder.id}, which does not come after job ${jobId}`);
  }

  /** Whether an attempt, if one shows its ticket, belongs to this project, whose caches it may use. @throws FORBIDDEN */
  async checkProject(holder: TicketHolder | undefined, project: string): Promise<void> {
    if (!holder) return;
    const job = await this.#store.job(holder.id);
    if ((job?.project ?? '') !== project) throw new SkepError('FORBIDDEN', `The ticket is that of job ${holder.id}, of another project`);
  }

  async #attemptOf(jobId: string, attempt: number | undefined): Promise<number> {
    const job = await this.#store.job(jobId);
    if (!job) throw new SkepError('JOB_NOT_FOUND', `There is no job ${jobId}`);
    return attempt ?? job.attempt;
  }
}

/** An artifact as it is told. */
export const artifactInfoOf = ({ jobId, createdAt, ...record }: ArtifactRecord): ArtifactInfo => ({
  job: jobId,
  ...record,
  created: createdAt,
});
