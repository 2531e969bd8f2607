import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { JobInfo } from '@skep/protocol';
import { until } from '../../helpers/until.js';
import { textOf } from './fixtures/text.mjs';
import type { FaultKind, Plan, PlannedJob, Talk } from './plan.js';
import { processesWith } from './processes.js';
import type { Site, SiteDrone } from './Site.js';

/** How long processes may take to leave, and a drone to report the last of it. */
const LEAVE_MS = 30_000;
/** A drone that is waited for this long is never lost by the faults of a plan. */
const NEVER_LOST_S = 60;

/** What an attempt does not survive. */
const deadly: readonly FaultKind[] = ['executor kill -9', 'all of a drone kill -9', "drone's disk full"];

type Attempt = JobInfo['attempts'][number];

/** What became of a job. */
export interface JobCheck {
  /** Bytes of output that were compared. */
  readonly bytes: number;
  readonly problems: string[];
  /** Acknowledged, and not there or not done. */
  readonly isLost: boolean;
  /** Times that processes of two attempts lived at once although the first was not called lost. */
  readonly doubled: number;
  /** Times that an attempt began while another that was called lost lived on with a drone that was away. */
  readonly overtaken: number;
}

const bytesOf = ({ seed, bytes }: Talk): Buffer => Buffer.concat([...textOf(seed, bytes)]);
const errorsOf = ({ seed, bytes }: Talk): Buffer => Buffer.concat([...textOf(seed + 1, Math.floor(bytes / 16))]);
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const commandsThatRun = (talks: readonly Talk[]): Talk[] =>
  talks.slice(0, 1 + ((talks.findIndex(({ exitCode }) => exitCode !== 0) + talks.length) % talks.length) || talks.length);

/** What is known of a job beside its plan. */
export interface Known {
  readonly acknowledged: boolean;
  /** Its cancel was acknowledged while an attempt ran. */
  readonly cancelled: boolean;
  /** The faults that there were. */
  readonly struck: ReadonlySet<FaultKind>;
}

/** Compares what became of a job with what had to become of it. */
export async function checkJob(site: Site, plan: Plan, job: PlannedJob, known: Known): Promise<JobCheck> {
  const info = await site.job(job.id);
  const problems: string[] = [];
  let bytes = 0;
  if (info?.status !== 'done') {
    const isLost = known.acknowledged || info !== undefined;
    if (isLost) problems.push(`it is ${info?.status ?? 'unknown'}, acknowledged: ${known.acknowledged}`);
    return { bytes, problems, isLost, doubled: 0, overtaken: 0 };
  }
  if (!outcomesOf(job, known).has(info.outcome ?? '')) problems.push(`outcome ${info.outcome} (${info.reason ?? ''})`);
  for (const attempt of info.attempts) {
    if (attempt.outcome === 'lost' && attempt.started !== null && plan.lostAfterS >= NEVER_LOST_S)
      problems.push(`attempt ${attempt.attempt} was given up: ${attempt.reason}`);
    const found = await checkOutput(site, job, attempt);
    bytes += found.bytes;
    problems.push(...found.problems);
  }
  const { doubled, overtaken } = await checkJournal(site, job, info);
  if (doubled > 0) problems.push(`${doubled} times, two attempts lived at once`);
  return { bytes, problems: problems.map((problem) => `${problem}; attempts ${words(info)}`), isLost: false, doubled, overtaken };
}

const words = ({ attempts }: JobInfo): string =>
  attempts.map(({ attempt, drone, outcome, reason = '' }) => `${attempt} at ${drone}: ${outcome} ${reason}`).join(', ');

/** The outcomes that a job may have. A job that fails is not tried again, so what befell its attempt may be its outcome. */
function outcomesOf({ talks, cancelAtMs }: PlannedJob, { cancelled, struck }: Known): Set<string> {
  if (cancelled) return new Set(['cancelled', 'passed']);
  const fails = talks.some(({ exitCode }) => exitCode !== 0);
  const outcomes = new Set([fails ? 'failed' : 'passed']);
  if (cancelAtMs !== undefined) outcomes.add('cancelled');
  if (fails && deadly.some((kind) => struck.has(kind))) outcomes.add('errored');
  return outcomes;
}

/** What an attempt wrote that came to its end is there to the byte; of any other, nothing but the beginning of it. */
async function checkOutput(site: Site, job: PlannedJob, attempt: Attempt): Promise<{ bytes: number; problems: string[] }> {
  const isWhole = attempt.outcome === 'passed' || attempt.outcome === 'failed';
  const problems: string[] = [];
  let bytes = 0;
  if (isWhole && attempt.output.state !== 'complete') problems.push(`output ${attempt.output.state}: ${attempt.output.missing ?? ''}`);
  for (const [num, talk] of commandsThatRun(job.talks).entries()) {
    for (const [stream, expected] of [
      ['stdout', bytesOf(talk)],
      ['stderr', errorsOf(talk)],
    ] as const) {
      const stored = await site.output(job.id, { attempt: String(attempt.attempt), command: String(num), stream });
      bytes += stored.length;
      const wanted = isWhole ? expected : expected.subarray(0, stored.length);
      if (sha256(stored) !== sha256(wanted))
        problems.push(
          `attempt ${attempt.attempt}, command ${num}, ${stream}: ${stored.length} bytes that are not the ${wanted.length} of its seed`,
        );
    }
  }
  return { bytes, problems };
}

async function checkJournal(site: Site, job: PlannedJob, { attempts }: JobInfo): Promise<{ doubled: number; overtaken: number }> {
  const met = (await site.journal(job.id)).filter(({ what }) => what === 'met');
  const wasLost = (attempt: number): boolean => attempts.find((each) => each.attempt === attempt)?.outcome === 'lost';
  const overtaken = met.filter(({ attempt, other = attempt }) => wasLost(Math.min(attempt, other))).length;
  return { doubled: met.length - overtaken, overtaken };
}

/** Nothing is left of all that was: slots are free, spools gone, and everybody leaves when asked to. */
export async function checkNothingIsLeft(site: Site, attempts: ReadonlyMap<string, string>): Promise<string[]> {
  const problems: string[] = [];
  const holds = async (what: string, look: () => boolean | Promise<boolean>): Promise<void> => {
    await until(look, what, LEAVE_MS).catch((error: Error) => problems.push(error.message));
  };
  await holds('every slot is free', async () => {
    const drones = await site.listDrones();
    return drones.length === site.drones.length && drones.every(({ running, connectedAt }) => running.length === 0 && connectedAt !== null);
  });
  for (const drone of site.drones) {
    const { name, folder } = drone;
    await holds(`the spool of ${name} is empty`, () => filesIn(join(folder, 'spool')).length === 0);
    await holds(`no command of ${name} lives`, () => commandsOf(site, drone).length === 0);
  }
  for (const { name, process } of site.drones) {
    process.signal('SIGTERM');
    await holds(`${name} leaves`, () => !process.isRunning);
    if ((await process.leave()) !== 0) problems.push(`${name} left with an error`);
  }
  site.queen.signal('SIGTERM');
  await holds('the queen leaves', () => !site.queen.isRunning);
  await holds('every process is gone', () => processesWith(site.marker).length === 0);
  for (const { command } of processesWith(site.marker)) problems.push(`left: ${command}`);
  for (const name of filesIn(join(site.folder, 'tmp'))) problems.push(`left: temporary file ${name}`);
  for (const { name, folder } of site.drones) {
    // What a crash left in a workspace is kept for a day, to be looked at.
    for (const workspace of filesIn(join(folder, 'work')))
      if (['passed', 'failed'].includes(attempts.get(workspace) ?? '')) problems.push(`left: workspace ${workspace} at ${name}`);
    for (const file of filesIn(join(folder, 'run'))) if (file.endsWith('.sock')) problems.push(`left: socket ${file} at ${name}`);
  }
  return problems;
}

const commandsOf = (site: Site, drone: SiteDrone): string[] =>
  site
    .processesOf(drone)
    .map(({ command }) => command)
    .filter((command) => !command.includes('executor.js'));

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
