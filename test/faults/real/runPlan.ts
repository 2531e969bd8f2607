import { setTimeout as sleep } from 'node:timers/promises';
import type { JobInfo } from '@skep/protocol';
import { until } from '../../helpers/until.js';
import { carryOut } from './carryOut.js';
import { checkJob, checkNothingIsLeft } from './check.js';
import { type Fault, type FaultKind, faultKinds, type Plan, type PlannedJob } from './plan.js';
import { Site } from './Site.js';

/** How long after the last fault every job has to be done, beside the time of its commands: back-offs and quarantines come first. */
const SETTLE_MS = 90_000;
const AGAIN_MS = 200;
/** More than faults can use up: a job that passes by itself passes in the end. */
const RETRIES = 30;

/** What a plan came to. */
export interface PlanResult {
  readonly seed: number;
  readonly faults: ReadonlyMap<FaultKind, number>;
  readonly jobs: number;
  /** How attempts ended, and how many ended so. */
  readonly attempts: ReadonlyMap<string, number>;
  readonly bytes: number;
  readonly lost: number;
  readonly doubled: number;
  readonly overtaken: number;
  /** What is not as promised; empty if all is well. */
  readonly problems: readonly string[];
  /** The last lines of the logs, where there are problems. */
  readonly tails: string;
}

/** Carries out a plan with real processes, and looks at what is left. */
export async function runPlan(plan: Plan): Promise<PlanResult> {
  await using site = await Site.start(plan);
  const begunAt = performance.now();
  const at = (ms: number): Promise<void> => sleep(Math.max(0, ms - (performance.now() - begunAt)));
  const faults = new Map<FaultKind, number>();
  let isCalm = false;
  const strike = async (row: readonly Fault[]): Promise<void> => {
    for (const fault of row) {
      await at(fault.atMs);
      if (await carryOut(site, fault)) faults.set(fault.kind, (faults.get(fault.kind) ?? 0) + 1);
    }
  };
  const struck = Promise.all(rowsOf(plan.faults).map(strike)).then(() => {
    isCalm = true;
  });
  const acknowledged = new Set<string>();
  /** Those whose cancel was acknowledged while an attempt ran. */
  const cancelled = new Set<string>();
  const submitted = plan.jobs.map(async (job) => {
    await at(job.submitAtMs);
    for (;;) {
      const last = isCalm;
      if (await site.submit(jobOf(site, job))) acknowledged.add(job.id);
      if (acknowledged.has(job.id) || !job.insists || last) return;
      await sleep(AGAIN_MS);
    }
  });
  const wishes = plan.jobs.map(async ({ id, cancelAtMs }) => {
    if (cancelAtMs === undefined) return;
    await at(cancelAtMs);
    for (let status: string | undefined; status === undefined && !isCalm; await sleep(AGAIN_MS)) {
      status = await site.cancel(id);
      if (status === 'assigned' || status === 'running') cancelled.add(id);
    }
  });
  await Promise.all([struck, ...submitted, ...wishes]);

  const problems: string[] = [];
  const infos = new Map<string, JobInfo>();
  await until(() => areAllDone(site, plan.jobs, infos), 'every job is done', SETTLE_MS + workMs(plan)).catch((error: Error) =>
    problems.push(error.message),
  );
  let [bytes, lost, doubled, overtaken] = [0, 0, 0, 0];
  for (const job of plan.jobs) {
    const check = await checkJob(site, plan, job, {
      acknowledged: acknowledged.has(job.id),
      cancelled: cancelled.has(job.id),
      struck: new Set(faults.keys()),
    });
    bytes += check.bytes;
    lost += Number(check.isLost);
    doubled += check.doubled;
    overtaken += check.overtaken;
    problems.push(...check.problems.map((problem) => `${job.id}: ${problem}`));
  }
  // A queen whose disk is full does not start; whoever keeps it up tries again.
  for (const { deaths } of [site.queen, ...site.drones.map(({ process }) => process)])
    problems.push(...deaths.filter((words) => !faults.has("queen's disk full") || !words.includes('STORE_FULL')));
  const attempts = new Map<string, string>();
  for (const { id, attempts: tries } of infos.values())
    for (const { attempt, outcome } of tries) attempts.set(`${encodeURIComponent(id)}.${attempt}`, outcome ?? '');
  problems.push(...(await checkNothingIsLeft(site, attempts)));
  const ends = new Map<string, number>();
  for (const outcome of attempts.values()) ends.set(outcome, (ends.get(outcome) ?? 0) + 1);
  const tails = problems.length > 0 ? site.tails() : '';
  return { seed: plan.seed, faults, jobs: infos.size, attempts: ends, bytes, lost, doubled, overtaken, problems, tails };
}

const jobOf = (site: Site, { id, talks }: PlannedJob): object => ({
  id,
  phases: { test: talks.map((talk) => site.talk(id, talk)) },
  retry: { lost: RETRIES, failed: talks.some(({ exitCode }) => exitCode !== 0) ? 0 : RETRIES, backoff: 0.1 },
});

/** How long the slots take to run every command twice. */
function workMs({ jobs, drones }: Plan): number {
  const slots = drones.reduce((total, capacity) => total + capacity, 0);
  return (2 * jobs.flatMap(({ talks }) => talks).reduce((total, { ms }) => total + ms, 0)) / slots;
}

/** Faults of the same process or line, each row in order. */
function rowsOf(faults: readonly Fault[]): Fault[][] {
  const rows = new Map<string, Fault[]>();
  for (const fault of faults) {
    const key = `${faultKinds[fault.kind]} ${fault.drone}`;
    rows.set(key, [...(rows.get(key) ?? []), fault]);
  }
  return [...rows.values()];
}

async function areAllDone(site: Site, jobs: readonly PlannedJob[], infos: Map<string, JobInfo>): Promise<boolean> {
  for (const { id } of jobs) {
    if (infos.get(id)?.status === 'done') continue;
    const info = await site.job(id).catch(() => null);
    // Not there: never acknowledged, or lost, which is found out later.
    if (info === null) return false;
    if (info) infos.set(id, info);
    if (info && info.status !== 'done') return false;
  }
  return true;
}
