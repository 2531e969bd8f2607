import type { Core, Decision } from '../core.js';
import { tellHooks } from '../hooks.js';
import { LiveJob } from '../LiveJob.js';
import { newJobRecord } from '../newRecords.js';
import { Family } from './Family.js';
import { invalidJob } from './invalidJob.js';
import { childIdsOf, type Plan } from './planOf.js';

/** Writes the jobs of a plan, parents before their children. None of them waits yet. @returns all of them, in this order */
export function addPlan(core: Core, decision: Decision, plan: Plan): LiveJob[] {
  const live = new LiveJob(newJobRecord(plan, core.clock.now()), ++core.lastOrder);
  core.jobs.set(live.id, live);
  decision.addJob(live);
  const children = (plan.family?.children ?? []).flatMap((child) => addPlan(core, decision, child));
  if (plan.family) {
    const own = children.filter(({ record }) => record.parent === live.id).map(({ record }) => record);
    live.family = new Family(plan.family.kind, own, plan.family.leftOut);
    live.record.children = live.family.counts();
  }
  tellHooks(core, decision, 'created', live);
  return [live, ...children];
}

/**
 * Refuses a plan whose children would have the ids of other jobs.
 * @throws {SkepError} INVALID_JOB
 */
export async function checkIds(core: Pick<Core, 'jobs' | 'store'>, plan: Plan): Promise<void> {
  const ids = childIdsOf(plan);
  const isKnown = async (id: string): Promise<boolean> =>
    core.jobs.has(id) || (core.store.mayHave(id) && (await core.store.job(id)) !== undefined);
  const known = await Promise.all(ids.map(isKnown));
  const taken = ids.find((_, i) => known[i]);
  if (taken === undefined) return;
  throw invalidJob('id', `there is a job ${taken} already, which would be the id of a child`);
}
