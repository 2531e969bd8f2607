import { SkepError } from '@skep/protocol';
import { isMeant } from '../isMeant.js';
import type { ArtifactRecord, CacheRecord } from '../records.js';
import type { ArtifactPage, DoneJob, Store } from '../Store.js';
import type { KeptJob, StoreMemory } from './StoreMemory.js';

type ArtifactReads = Pick<
  Store,
  | 'artifacts'
  | 'countArtifacts'
  | 'artifact'
  | 'artifactPage'
  | 'latestArtifact'
  | 'cache'
  | 'caches'
  | 'uploads'
  | 'referenced'
  | 'doneJobs'
  | 'hasForgotten'
>;

/** What a store in memory answers of artifacts, caches and uploads, and of jobs that retention looks at. */
export function artifactReadsOf(open: () => StoreMemory): ArtifactReads {
  const ofAttempt = (id: string, attempt: number): ArtifactRecord[] =>
    [...(open().jobs.get(id)?.attempts.get(attempt)?.artifacts.values() ?? [])]
      .sort(by(({ path }) => path))
      .map((record) => ({ ...record }));
  // By lease, the greatest first, then by path.
  const placed = (): { lease: number; project: string | null; record: ArtifactRecord }[] =>
    [...open().jobs.values()]
      .flatMap(({ record: { project }, attempts }) => [...attempts.values()].map((attempt) => ({ project, attempt })))
      .sort((a, b) => b.attempt.record.lease - a.attempt.record.lease)
      .flatMap(({ project, attempt: { record, artifacts } }) =>
        [...artifacts.values()].sort(by(({ path }) => path)).map((each) => ({ lease: record.lease, project, record: each })),
      );
  const all = (): ArtifactRecord[] => placed().map(({ record }) => record);
  const one = (id: string, attempt: number, path: string) => ofAttempt(id, attempt).find((each) => each.path === path);
  const caches = (): CacheRecord[] => [...open().caches.values()].map((record) => ({ ...record }));
  return {
    artifacts: async (id, attempt) => ofAttempt(id, attempt),
    countArtifacts: async (id, attempt) => ofAttempt(id, attempt).length,
    artifact: async (id, attempt, path) => one(id, attempt, path),
    artifactPage: async ({ limit, before, ...filter }, among) => {
      const [, lease, path] = /^(\d+):(.+)$/s.exec(before ?? '') ?? [];
      if (before !== undefined && lease === undefined)
        throw new SkepError('INVALID_MESSAGE', `There is no page of artifacts before ${before.slice(0, 50)}`);
      const after = placed().filter(
        ({ lease: at, record, project }) =>
          isMeant(
            { ...record, project },
            {
              ...(filter.project !== undefined && { project: filter.project }),
              ...(filter.sha256 !== undefined && { sha256: filter.sha256 }),
            },
          ) &&
          (lease === undefined || at < Number(lease) || (at === Number(lease) && record.path > (path as string))),
      );
      const artifacts: ArtifactPage['artifacts'] = [];
      for (const [at, { record, project }] of after.entries()) {
        const last = after[at - 1];
        if (last && (artifacts.length === limit || at === among)) return { artifacts, next: `${last.lease}:${last.record.path}` };
        if (isMeant({ ...record, project }, filter)) artifacts.push({ ...record, project });
      }
      return { artifacts, next: null };
    },
    latestArtifact: async (project, path) => {
      const passed = [...open().jobs.values()].filter(({ record }) => record.project === project && record.outcome === 'passed');
      passed.sort((a, b) => b.record.queuedAt - a.record.queuedAt || b.key - a.key);
      for (const { record } of passed) {
        const found = one(record.id, record.attempt, path);
        if (found) return found;
      }
      return undefined;
    },
    cache: async (project, key, prefixes) => {
      const own = caches().filter((each) => each.project === project);
      let found = own.find((each) => each.key === key);
      for (const prefix of prefixes) {
        const begin = own.filter((each) => each.key.startsWith(prefix));
        found ??= begin.sort((a, b) => b.createdAt - a.createdAt || (a.key < b.key ? 1 : -1))[0];
      }
      return found;
    },
    caches: async () =>
      caches()
        .sort(by(({ key }) => key))
        .sort((a, b) => b.usedAt - a.usedAt || compare(a.project, b.project)),
    uploads: async () =>
      [...open().uploads.values()].sort((a, b) => a.createdAt - b.createdAt || compare(a.id, b.id)).map((record) => ({ ...record })),
    referenced: async (digests) => {
      const known = new Set([...all(), ...caches()].map(({ sha256 }) => sha256));
      return digests.filter((sha256) => known.has(sha256));
    },
    doneJobs: async (limit, next) => {
      const [finishedAt = Number.MAX_SAFE_INTEGER, key = 0] = next === undefined ? [] : next.split(':').map(Number);
      const found = [...open().jobs.values()]
        .filter(({ record }) => record.status === 'done' && record.finishedAt !== null && record.parent === null)
        .sort((a, b) => endOf(b) - endOf(a) || b.key - a.key)
        .filter((job) => endOf(job) < finishedAt || (endOf(job) === finishedAt && job.key < key));
      const last = found.length > limit ? found[limit - 1] : undefined;
      return {
        jobs: found.slice(0, limit).map((job) => doneJobOf(job, open().jobs.values())),
        next: last ? `${endOf(last)}:${last.key}` : null,
      };
    },
    hasForgotten: async () => false,
  };
}

const endOf = ({ record }: KeptJob): number => record.finishedAt ?? 0;

function doneJobOf(job: KeptJob, jobs: Iterable<KeptJob>): DoneJob {
  // Parents come before their children.
  const family = [job];
  for (const each of jobs) if (family.some(({ record }) => record.id === each.record.parent)) family.push(each);
  const { id, project, outcome, finishedAt } = job.record;
  const descendants = family.slice(1).map(({ record }) => record.id);
  return { id, project, outcome, finishedAt: finishedAt ?? 0, descendants, bytes: family.reduce((sum, each) => sum + bytesOf(each), 0) };
}

function bytesOf({ attempts }: KeptJob): number {
  let bytes = 0;
  for (const attempt of attempts.values()) {
    bytes += attempt.record.outputBytes;
    for (const { size } of attempt.artifacts.values()) bytes += size;
  }
  return bytes;
}

const by =
  <T>(textOf: (value: T) => string) =>
  (a: T, b: T): number =>
    compare(textOf(a), textOf(b));

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
