import { createFleet, createTurns, type QueueOrder } from '@skep/scheduler';
import { answer, type Callback } from './answer.js';

/** A job in the queue; a weight function is told this much of it. */
export interface QueuedJob {
  /** As it was pushed, number or text. */
  id: unknown;
  type: string;
  data: unknown;
  /** 1 for a job that was put back, else 0. */
  priority: number;
  /** Its place by arrival; what was put back came before all. */
  order: number;
}

export interface ForerunnerQueueOptions {
  /** As of a queen; `fifo` if absent. */
  order?: QueueOrder<QueuedJob>;
  /** Numbers in [0, 1) for a random order; Math.random if absent. */
  random?: () => number;
}

/** A queue as forerunner's manager uses it. */
export interface ForerunnerQueue {
  push(id: unknown, type: string, data: unknown, callback?: Callback): void;
  /** Puts a job back that no worker took: it goes before all that was pushed. */
  requeue(id: unknown, type: string, data: unknown, callback?: Callback): void;
  /** Takes out up to `count` jobs, each given to `take`. The job with which it throws is put back, and those after it stay. */
  each(count: number, take: (id: unknown, type: string, data: unknown) => void, callback?: Callback): void;
  empty(callback?: Callback): void;
}

const DRONE = 'forerunner';
const requirements = { labels: {}, plugins: [], handlers: [], minSpeed: 0, platform: null, drone: null, notDrones: [] };

/** Skep's scheduler as a queue for forerunner, in memory as forerunner's queues are; whoever takes a job is its one drone. */
export function forerunnerQueue({ order = 'fifo', random = Math.random }: ForerunnerQueueOptions = {}): ForerunnerQueue {
  const fleet = createFleet();
  const turnOf = createTurns(order, random);
  // By numbers of their own: nothing keeps two jobs from bearing one id, or ids from being numbers.
  const jobs = new Map<string, QueuedJob>();
  let [added, last, first] = [0, 0, 0];
  fleet.setDrone(
    { id: DRONE, name: DRONE, speed: 1, capacity: 1, labels: {}, plugins: [], handlers: [], platform: null, closed: false },
    0,
  );

  function add(job: QueuedJob): void {
    const turn = turnOf(job);
    added += 1;
    const key = String(added);
    jobs.set(key, job);
    fleet.addJob({ id: key, requirements, ...turn });
  }

  function next(): QueuedJob | undefined {
    const choice = fleet.next();
    if (!choice) return undefined;
    fleet.release(DRONE, choice.jobId, 0);
    const job = jobs.get(choice.jobId);
    jobs.delete(choice.jobId);
    return job;
  }

  function putBack(id: unknown, type: string, data: unknown): void {
    first -= 1;
    add({ id, type, data, priority: 1, order: first });
  }

  return {
    push(id, type, data, callback) {
      void answer(() => {
        last += 1;
        add({ id, type, data, priority: 0, order: last });
        return [];
      }, callback);
    },

    requeue(id, type, data, callback) {
      void answer(() => {
        putBack(id, type, data);
        return [];
      }, callback);
    },

    each(count, take, callback) {
      const takeAll = (): [] => {
        // All are taken out before the first is given away: one that `take` puts back is for the next round.
        const taken: QueuedJob[] = [];
        for (let job = count > 0 ? next() : undefined; job; job = taken.length < count ? next() : undefined) taken.push(job);
        for (const [index, { id, type, data }] of taken.entries()) {
          try {
            take(id, type, data);
          } catch (error) {
            for (const left of taken.slice(index).reverse()) putBack(left.id, left.type, left.data);
            throw error;
          }
        }
        return [];
      };
      void answer(takeAll, callback);
    },

    empty(callback) {
      void answer(() => {
        for (const key of jobs.keys()) fleet.removeJob(key);
        jobs.clear();
        return [];
      }, callback);
    },
  };
}
