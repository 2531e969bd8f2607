import {
  type FacetsAnswer,
  INFO_OUTPUT_BYTES,
  type JobInfo,
  type JobSummary,
  type JobsFilter,
  type JobsPage,
  type JobsQuery,
  type OutputIndex,
  SkepError,
} from '@skep/protocol';
import type { JobFilter, JobRow, Store } from '@skep/store';
import type { JobDesk } from '../ports.js';
import { createFacets } from './facets.js';
import { infoOf } from './infoOf.js';
import type { LastLines } from './LastLines.js';
import type { EventHub } from './News.js';
import { findOutput, type Output, type OutputRequest } from './output.js';
import { outputIndexOf } from './outputIndex.js';
import { summaryOf } from './summaryOf.js';

/** What callers may read of jobs: always from the store, so that it is durable. Errors are SkepErrors. */
export interface JobReader {
  /** The whole job with its output so far, all of one instant. @throws JOB_NOT_FOUND */
  info(id: string): Promise<JobInfo>;
  /** The job in a line. @throws JOB_NOT_FOUND */
  summary(id: string): Promise<JobSummary>;
  /** A page of jobs. `drone` is a drone's id. @throws INVALID_MESSAGE */
  page(query: JobsQuery): Promise<JobsPage>;
  /** How many jobs each filter would show, counted under the others. `drone` is a drone's id. */
  facets(filter: JobsFilter): Promise<FacetsAnswer>;
  /** A part of the job's output. @throws JOB_NOT_FOUND, ATTEMPT_NOT_FOUND, INVALID_MESSAGE, RANGE_NOT_SATISFIABLE */
  output(id: string, request: OutputRequest): Promise<Output>;
  /** What is known of the output of an attempt, the latest if absent, without reading it. @throws JOB_NOT_FOUND, ATTEMPT_NOT_FOUND */
  outputIndex(id: string, attempt: number | undefined): Promise<OutputIndex>;
  /** Bytes of the store on disk; fails if the store does not answer. */
  storeBytes(): Promise<number>;
}

export interface ReaderOptions {
  store: Store;
  /** Knows why a job waits, and how long one that runs usually takes. */
  desk: Pick<JobDesk, 'waiting' | 'usual'>;
  /** Tells of changes to a job that is followed. */
  hub: EventHub;
  /** Knows what a running job wrote last. */
  lines: Pick<LastLines, 'of'>;
}

export function createReader({ store, desk, hub, lines }: ReaderOptions): JobReader {
  function summarize(row: JobRow): JobSummary {
    const summary = summaryOf(row, desk.waiting(row.id), desk.usual(row.id));
    const lastLine = row.status === 'running' ? lines.of(row.id) : undefined;
    return lastLine === undefined ? summary : { ...summary, lastLine };
  }

  return {
    async info(id) {
      const snapshot = await store.snapshot(id, INFO_OUTPUT_BYTES);
      if (!snapshot) throw notFound(id);
      return infoOf(snapshot, desk.waiting(id), desk.usual(id));
    },

    async summary(id) {
      const job = await store.job(id);
      if (!job) throw notFound(id);
      return summarize(job);
    },

    async page(query) {
      if (query.branch !== undefined && query.project === undefined)
        throw new SkepError('INVALID_MESSAGE', '`branch` is that of a `project`, which is missing');
      const { jobs, next } = await store.jobs(filterOf(query));
      return { jobs: jobs.map(summarize), next };
    },

    facets: createFacets(store),
    output: (id, request) => findOutput(store, hub, id, request),
    outputIndex: (id, attempt) => outputIndexOf(store, id, attempt),
    storeBytes: () => store.size(),
  };
}

const notFound = (id: string): SkepError => new SkepError('JOB_NOT_FOUND', `There is no job ${id}`);

const filterOf = ({ status, outcome, project, branch, drone, parent, sort, before, limit }: JobsQuery): JobFilter => ({
  ...(status !== undefined && { status }),
  ...(outcome !== undefined && { outcome }),
  ...(project !== undefined && { project }),
  ...(branch !== undefined && { branch }),
  ...(drone !== undefined && { droneId: drone }),
  ...(parent !== undefined && { parent: parent === 'none' ? null : parent }),
  ...(before !== undefined && { before }),
  sort,
  limit,
});
