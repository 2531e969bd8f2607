import { type Estimate, type JobWhy, SkepError, unblockOf, verdictsOf } from '@skep/protocol';
import type { JobRecord } from '@skep/store';
import { waitingOf } from './announce.js';
import type { Core } from './core.js';
import { estimateOf } from './estimateOf.js';

/**
 * Why a job waits, what each drone has to do with it, and how long it will take.
 * @throws {SkepError} JOB_NOT_FOUND
 */
export async function whyOf(core: Core, id: string): Promise<JobWhy> {
  const record = core.jobs.get(id)?.record ?? (await core.store.job(id));
  if (!record) throw new SkepError('JOB_NOT_FOUND', `There is no job ${id}`);
  const estimate = await estimateOf(core, record);
  // What was waited for may have changed everything but the job itself.
  return answer(core, core.jobs.get(id)?.record ?? record, estimate);
}

function answer(core: Core, record: JobRecord, estimate: Estimate): JobWhy {
  const { id, status } = record;
  const job = core.jobs.get(id);
  const waiting = job ? waitingOf(core, job) : null;
  const verdicts = verdictsOf(
    record.job,
    [...core.drones.values()].map((drone) => drone.summary(core)),
  );
  return {
    id,
    status,
    waiting,
    position: waiting?.reason === 'all-busy' ? waiting.position : null,
    verdicts: status === 'done' || record.parentOf ? [] : verdicts,
    unblock: waiting ? unblockOf(waiting, verdicts) : [],
    canEverRun: record.parentOf !== null || verdicts.some(({ reason }) => reason !== 'unmet-requirements'),
    estimate,
  };
}
