import { type AttemptEvent, type JobFrame, parseAttemptEvent, SkepError, toSkepError } from '@skep/protocol';
import type { AttemptRecord, CommandRecord, StoredEvent } from '@skep/store';
import { tellJobChanged } from './announce.js';
import { type Core, type Decision, decide, decideAlone } from './core.js';
import { endAttempt } from './endAttempt.js';
import { foldEvent } from './foldEvent.js';
import { cutWords, noteGap } from './gaps.js';
import { tellHooks } from './hooks.js';
import type { LiveAttempt, LiveJob } from './LiveJob.js';
import { outcomeOf } from './outcomeOf.js';
import { followChild } from './parents/followChild.js';
import { tellUsualSoon } from './usual.js';

interface TimedEvent {
  event: AttemptEvent;
  /** Unix ms, the queen's clock. */
  at: number;
}

/** What an attempt's last frame says of it. */
type End = NonNullable<JobFrame['end']>;

/**
 * Takes one event of a plain drone, which is not numbered: it gets the next seq.
 * @throws {SkepError} NOT_YOUR_JOB or COMMAND_NOT_FOUND, and nothing has changed; or OUTPUT_LIMIT, and the attempt is over
 */
export function takePlainEvent(core: Core, droneId: string, jobId: string, event: AttemptEvent): void {
  const { job, attempt } = held(core, droneId, jobId);
  const { record } = attempt;
  let refused: unknown;
  decideAlone(core, (decision) => {
    const isLast = event.name === 'job:done' || event.name === 'job:errored';
    if (event.name === 'job:queued') [record.queuedAt] = event.args;
    refused = addEvents(core, decision, { job, attempt }, [{ event, at: core.clock.now() }], isLast);
    if (refused instanceof SkepError && refused.code === 'OUTPUT_LIMIT') {
      // It would be refused all that follows, its end too.
      endInvalid(core, decision, job, attempt, refused);
      decision.tell(() => core.announcer.tellDrone(droneId, 'job:cancel', jobId, 'output-limit'));
    }
    if (refused !== undefined || !isLast) return;
    closeOutput(record, null);
    record.sha256 = attempt.hash?.copy().digest('hex') ?? null;
    endByWord(core, decision, job, attempt);
  });
  if (refused !== undefined) throw refused;
}

/**
 * Takes a run of events of a packed drone; what it sent before is passed over. An event that is not valid ends the
 * attempt: the drone would send it again for ever.
 * @returns the seq before which all is durable
 * @throws {SkepError} NOT_YOUR_JOB, LEASE_ENDED, SEQ_GAP, or what is wrong with an event
 */
export async function takeFrame(core: Core, droneId: string, frame: JobFrame): Promise<number> {
  const { job, attempt } = held(core, droneId, frame.id);
  const { record } = attempt;
  if (record.attempt !== frame.attempt || record.lease !== frame.lease) {
    throw new SkepError('LEASE_ENDED', `The lease of job ${frame.id}, attempt ${frame.attempt}, has ended`);
  }
  const events = timed(unseen(record.events, frame), record.grantedAt);
  let refused: unknown;
  await decide(core, (decision) => {
    refused = addEvents(core, decision, { job, attempt }, events, frame.end !== undefined);
    if (refused !== undefined) endInvalid(core, decision, job, attempt, toSkepError(refused));
    else if (frame.end && attempt.hash) endByDrone(core, decision, job, attempt, frame.end, attempt.hash.digest('hex'));
  });
  if (refused !== undefined) throw refused;
  if (frame.end && job.attempt === attempt) {
    // Part of the output was taken before a restart of the queen. All of it is durable now, so the store can tell its digest.
    const sha256 = await core.store.outputSha256(job.id, record.attempt);
    await decide(core, (decision) => {
      if (frame.end && job.attempt === attempt) endByDrone(core, decision, job, attempt, frame.end, sha256);
    });
  }
  return frame.seq + frame.events.length;
}

function* timed(events: JobFrame['events'], grantedAt: number): Generator<TimedEvent> {
  for (const [offsetMs, name, ...args] of events) yield { event: parseAttemptEvent(name, args), at: grantedAt + offsetMs };
}

interface Held {
  job: LiveJob;
  attempt: LiveAttempt;
}

/** The job and attempt that a drone speaks of. */
function held(core: Core, droneId: string, jobId: string): Held {
  const job = core.jobs.get(jobId);
  if (!job?.attempt || job.attempt.record.droneId !== droneId) {
    throw new SkepError('NOT_YOUR_JOB', `Drone ${droneId} does not hold job ${jobId}`);
  }
  return { job, attempt: job.attempt };
}

/**
 * The events of a frame that are new at `cursor`; none if it was sent before.
 * @throws {SkepError} SEQ_GAP if some are missing
 */
export function unseen(cursor: number, frame: Pick<JobFrame, 'seq' | 'events'>): JobFrame['events'] {
  if (frame.seq > cursor) throw new SkepError('SEQ_GAP', `Events ${cursor} to ${frame.seq - 1} are missing`);
  return frame.events.slice(cursor - frame.seq);
}

/**
 * Folds events into the attempt, writes them, and has them told to watchers; also what the job is by then, unless these
 * are the attempt's last, with which it changes once more.
 * @returns what is wrong with the first event that is not valid, where there is one; those before it are taken
 */
function addEvents(core: Core, decision: Decision, { job, attempt }: Held, events: Iterable<TimedEvent>, isLast: boolean): unknown {
  const { record } = attempt;
  const cursor = record.firstCursor + record.events;
  const stored: StoredEvent[] = [];
  const commands = new Set<CommandRecord>();
  const bytesBefore = record.outputBytes;
  let refused: unknown;
  try {
    for (const { event, at } of events) {
      checkOutputLimit(core, attempt);
      const folded = foldEvent(attempt, event, at);
      stored.push(folded.event);
      if (folded.command) commands.add(folded.command);
    }
  } catch (error) {
    refused = error;
  }
  if (stored.length === 0) return refused;
  const { status } = job.record;
  const changed = followAttempt(job, attempt, stored[0]?.at ?? record.grantedAt);
  if (status !== 'running' && job.record.status === 'running' && !isLast) tellUsualSoon(core, job);
  decision.write({ type: 'events', jobId: job.id, attempt: record.attempt, events: stored });
  for (const command of commands) decision.write({ type: 'command', record: { ...command } });
  decision.saveAttempt(attempt);
  decision.saveJob(job);
  decision.tell(() => {
    core.meter.eventsStored(stored.length, record.outputBytes - bytesBefore);
    job.toldCursor = cursor + stored.length;
    core.announcer.eventsAdded(job.id, { attempt: record.attempt, cursor, events: stored });
  });
  for (const { name, args } of stored) {
    if (name === 'job:progress') tellHooks(core, decision, 'progress', job, { value: args[0] });
  }
  if (changed && !isLast) tellJobChanged(core, decision, job);
  // Also with its last events: of an attempt that a queen took over, the end is a decision of its own.
  if (changed) followChild(core, decision, job);
  return refused;
}

function checkOutputLimit(core: Core, { record }: LiveAttempt): void {
  if (record.outputBytes <= core.limits.maxOutput) return;
  throw new SkepError('OUTPUT_LIMIT', `Job ${record.jobId} has written ${record.outputBytes} bytes; maxOutput is ${core.limits.maxOutput}`);
}

/** Brings the job up to date with its attempt, of which something was heard at this instant. Whether its summary has changed beyond its cursor. */
function followAttempt({ record: job }: LiveJob, { record, commands }: LiveAttempt, at: number): boolean {
  const { status, phase, startedAt } = job;
  job.cursor = record.firstCursor + record.events;
  job.phase = record.phase;
  if (record.startedAt !== null || record.phase !== null || commands.size > 0) {
    job.status = 'running';
    record.startedAt ??= record.grantedAt;
    // By the queen's clock: that of a plain drone may be another.
    job.waitedMs ??= Math.max(0, at - job.queuedAt);
  }
  job.startedAt = record.startedAt;
  return job.status !== status || job.phase !== phase || job.startedAt !== startedAt;
}

/** Ends an attempt by its last frame: as complete if it holds what the drone says it wrote. */
function endByDrone(core: Core, decision: Decision, job: LiveJob, attempt: LiveAttempt, end: End, sha256: string): void {
  const { record } = attempt;
  record.sha256 = sha256;
  closeOutput(record, missingOf(record.events, sha256, end));
  endByWord(core, decision, job, attempt);
}

function endByWord(core: Core, decision: Decision, job: LiveJob, attempt: LiveAttempt): void {
  if (job.record.cancelReason !== null) job.record.confirmed = true;
  endAttempt(core, decision, job, attempt, outcomeOf(attempt.record, attempt.commands.values()));
}

/** The output grows no more. @param missing what is missing of it at places that nobody knows; null if nothing */
function closeOutput(record: AttemptRecord, missing: string | null): void {
  record.missing = missing ?? record.missing ?? cutWords(record);
  record.outputState = record.missing === null ? 'complete' : 'partial';
}

/** Ends an attempt whose drone reports what cannot be taken. */
function endInvalid(core: Core, decision: Decision, job: LiveJob, attempt: LiveAttempt, error: SkepError): void {
  const { record } = attempt;
  const reason = error.code === 'OUTPUT_LIMIT' ? 'output-limit' : 'invalid-events';
  record.error = { code: reason, message: error.message };
  record.missing = `all after event ${record.events}: ${error.message}`;
  record.outputState = 'partial';
  noteGap(record, error.message);
  endAttempt(core, decision, job, attempt, { outcome: 'errored', reason, exitCode: null, signal: null });
}

function missingOf(events: number, sha256: string, end: End): string | null {
  if (end.events !== events) return `the drone wrote ${end.events} events, ${events} arrived`;
  return end.sha256 === sha256 ? null : `the SHA-256 of what the drone wrote is ${end.sha256}`;
}
