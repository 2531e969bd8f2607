import type { Job } from '@skep/protocol';
import { createTurns, type QueueOrder, type WaitingJob } from '@skep/scheduler';
import type { Logger } from 'pino';
import type { LiveJob } from './LiveJob.js';

/** What a weight function is told of a job that begins to wait. */
export interface WeighedJob {
  id: string;
  /** As it was submitted, secrets included. It must not be changed. */
  job: Job;
  priority: number;
  /** Its place among all jobs, by arrival; it keeps it through retries. */
  order: number;
  /** How many attempts at it there were. */
  attempt: number;
  /** When it was submitted, Unix ms. */
  queuedAt: number;
}

/** Gives a job that begins to wait its turn. */
export type TurnOf = (job: LiveJob) => Pick<WaitingJob, 'priority' | 'order'>;

/** Turns in this order. A weight function that throws is logged, and the job weighs 0: no job is lost for it. */
export function turnsOf(order: QueueOrder<WeighedJob>, random: () => number, log: Logger): TurnOf {
  const weigh = (job: WeighedJob): number => {
    if (typeof order === 'string') return job.priority;
    try {
      return Number(order(job));
    } catch (error) {
      log.error({ err: error, jobId: job.id }, 'the weight function failed; the job weighs 0');
      return 0;
    }
  };
  const turnOf = createTurns<WeighedJob>(typeof order === 'string' ? order : weigh, random);
  return ({ record: { id, job, priority, attempt, queuedAt }, order: place }) =>
    turnOf({ id, job, priority, order: place, attempt, queuedAt });
}
