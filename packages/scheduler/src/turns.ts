import type { WaitingJob } from './types.js';

/**
 * Which waiting job goes first: by `priority` and then first come first served; by `priority` and then at random; or by a
 * weight alone, the heaviest first and equal ones first come first served. A weight stands in place of the priority, of
 * which it may make what it likes.
 */
export type QueueOrder<J> = 'fifo' | 'random' | ((job: J) => number);

/** What decides when a job has its turn, as `Fleet.addJob` takes it. */
type JobTurn = Pick<WaitingJob, 'priority' | 'order'>;

/**
 * Gives jobs their turns, each once as it begins to wait, and again when its priority is changed: else what stands in line
 * keeps its place, so that no order costs more than another.
 * @param random numbers in [0, 1), drawn one for each job in a random order and else never: the same numbers give the same turns
 * @returns a function that throws what a weight function throws; a weight that is not a number counts as 0
 */
export function createTurns<J extends JobTurn>(order: QueueOrder<J>, random: () => number): (job: J) => JobTurn {
  if (order === 'fifo') return ({ priority, order: place }) => ({ priority, order: place });
  if (order === 'random') return ({ priority }) => ({ priority, order: random() });
  return (job) => {
    const weight = order(job);
    return { priority: Number.isNaN(weight) ? 0 : weight, order: job.order };
  };
}
