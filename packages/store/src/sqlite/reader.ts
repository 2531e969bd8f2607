import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { MessagePort } from 'node:worker_threads';
import type { Database } from 'better-sqlite3';
import type { CommandRecord } from '../records.js';
import type { CommandSnapshot, EventRun, JobSnapshot, Store, UnfinishedJob } from '../Store.js';
import { seqAtByte, seqAtLine } from '../seqAt.js';
import { artifactReads } from './artifacts.js';
import { attemptReads } from './attempts.js';
import { cacheReads } from './caches.js';
import { commandReads } from './commands.js';
import { doneJobReads } from './doneJobs.js';
import { droneReads } from './drones.js';
import { eventReads } from './events.js';
import { toFailure } from './failures.js';
import { forgetReads } from './forget.js';
import { historyReads } from './history.js';
import { jobReads } from './jobs.js';
import { CLOSE, type ReadRequest, type Settled, type ThreadMessage } from './messages.js';
import { Packing } from './Packing.js';
import { platformReads } from './platforms.js';
import { projectReads } from './projects.js';
import { scheduleReads } from './schedules.js';
import { templateReads } from './templates.js';
import { tokenReads } from './tokens.js';
import { uploadReads } from './uploads.js';
import { viewReads } from './views.js';

/** What only the store itself asks. */
interface Own {
  /** So many ids of jobs, in their order, from the one after this on. */
  jobIds(after: string, limit: number): Promise<string[]>;
}

export type Answering = Store & Own;

/** What the reader answers: every method of the store that only reads the database. */
export type Question =
  | keyof Own
  | 'job'
  | 'children'
  | 'unfinished'
  | 'jobs'
  | 'tally'
  | 'projects'
  | 'snapshot'
  | 'attempts'
  | 'commands'
  | 'events'
  | 'seqAt'
  | 'outputSha256'
  | 'runs'
  | 'ended'
  | 'lastLease'
  | 'drones'
  | 'tokens'
  | 'views'
  | 'schedules'
  | 'scheduleRuns'
  | 'templates'
  | 'droppedPlatforms'
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
  | 'hasForgotten';

type Answers = { [Q in Question]: (...args: Parameters<Answering[Q]>) => Awaited<ReturnType<Answering[Q]>> | ReturnType<Answering[Q]> };

/** Output is hashed in slices of this size; other questions are answered in between. */
const HASH_BYTES = 4 * 1024 * 1024;

/** Answers what comes through the port, each question from one snapshot of the database. */
export function startReader(db: Database, port: MessagePort, close: () => void): void {
  const answers = answersFrom(db);
  const running = new Set<Promise<void>>();
  const reply = async (request: ReadRequest): Promise<void> => {
    const { settled, transfer } = await answer(answers, request);
    port.postMessage({ type: 'settled', calls: [settled] } satisfies ThreadMessage, transfer);
  };
  port.on('message', (request: ReadRequest | typeof CLOSE) => {
    if (request === CLOSE) return void Promise.all(running).then(close);
    const replied = reply(request).finally(() => running.delete(replied));
    running.add(replied);
  });
}

async function answer(answers: Answers, { id, question, args }: ReadRequest): Promise<{ settled: Settled; transfer: ArrayBuffer[] }> {
  try {
    // The question and its arguments come from one typed call of the other thread.
    const value = await (answers[question] as (...args: unknown[]) => unknown)(...args);
    return { settled: { id, value }, transfer: transferOf(question, value) };
  } catch (error) {
    return { settled: { id, failure: toFailure(error) }, transfer: [] };
  }
}

function answersFrom(db: Database): Answers {
  const { job, jobIds, children, unfinishedJobs, jobs, tally } = jobReads(db);
  const { attempts, attempt: attemptOf, latestAttempt, attemptAt, lastLease } = attemptReads(db);
  const { commandsOf } = commandReads(db);
  const events = eventReads(db);
  const { drones } = droneReads(db);
  const { tokens } = tokenReads(db);
  const { views } = viewReads(db);
  const { schedules, scheduleRuns } = scheduleReads(db);
  const { templates } = templateReads(db);
  const { runs, ended } = historyReads(db);

  const unfinished = (): UnfinishedJob[] =>
    unfinishedJobs().map(({ key, job }) => {
      const attempt = latestAttempt(key);
      return { job, attempt, commands: attempt ? commandsOf(attempt) : [] };
    });

  function snapshot(id: string, outputBytes: number): JobSnapshot | undefined {
    const found = job(id);
    if (!found) return undefined;
    const all = attempts(id);
    const latest = all.at(-1);
    return {
      job: found,
      attempts: all,
      commands: latest ? commandsOf(latest).map((command) => withOutput(command, latest.lease, outputBytes)) : [],
    };
  }

  function withOutput(command: CommandRecord, lease: number, outputBytes: number): CommandSnapshot {
    const [out, err] = [false, true].map((isStderr) => events.newestOutput(lease, command.num, isStderr, outputBytes)) as [
      Uint8Array,
      Uint8Array,
    ];
    return { ...command, out, err, outFrom: command.outBytes - out.byteLength, errFrom: command.errBytes - err.byteLength };
  }

  function commands(id: string, attempt: number): CommandRecord[] {
    const found = attemptOf(id, attempt);
    return found ? commandsOf(found) : [];
  }

  function eventRun(id: string, cursor: number, maxBytes: number): EventRun {
    const found = attemptAt(id, cursor);
    if (!found) return { attempt: 0, cursor, events: [] };
    return { attempt: found.attempt, cursor, events: events.eventsFrom(found.lease, cursor - found.firstCursor, maxBytes) };
  }

  function seqAt(id: string, attempt: number, place: { byte: number } | { line: number }): number {
    const found = attemptOf(id, attempt);
    if (!found) return 0;
    return 'byte' in place ? seqAtByte(events, found.lease, place.byte) : seqAtLine(events, found.lease, place.line);
  }

  async function outputSha256(id: string, attempt: number): Promise<string> {
    const hash = createHash('sha256');
    const found = attemptOf(id, attempt);
    const count = found ? events.countEvents(found.lease) : 0;
    for (let seq = 0; found && seq < count; await setImmediate()) {
      const run = events.eventsFrom(found.lease, seq, HASH_BYTES).slice(0, count - seq);
      for (const { output } of run) if (output) hash.update(output.bytes);
      seq += run.length;
    }
    return hash.digest('hex');
  }

  // Outside a transaction every statement would see a newer state than the one before it.
  const atOnce = <A extends unknown[], R>(read: (...args: A) => R): ((...args: A) => R) => db.transaction(read).deferred;
  return {
    job,
    children,
    jobIds,
    unfinished: atOnce(unfinished),
    jobs,
    tally,
    snapshot: atOnce(snapshot),
    attempts,
    commands: atOnce(commands),
    events: atOnce(eventRun),
    seqAt: atOnce(seqAt),
    outputSha256,
    runs,
    ended,
    lastLease,
    drones,
    tokens,
    views,
    schedules,
    scheduleRuns,
    templates,
    ...projectReads(db),
    ...platformReads(db),
    ...artifactReads(db),
    ...cacheReads(db),
    ...uploadReads(db),
    ...doneJobReads(db),
    ...forgetReads(db),
  };
}

/** Moves the output in an answer into one piece of memory, which can go to the other thread without a copy. */
function transferOf(question: Question, value: unknown): ArrayBuffer[] {
  const packing = new Packing();
  const places: { from: number; bytes: Uint8Array; move: (moved: Uint8Array) => void }[] = [];
  const pack = (bytes: Uint8Array, move: (moved: Uint8Array) => void) => places.push({ from: packing.add(bytes), bytes, move });
  if (question === 'events') {
    for (const { output } of (value as EventRun).events) if (output) pack(output.bytes, (moved) => (output.bytes = moved));
  } else if (question === 'snapshot') {
    for (const command of (value as JobSnapshot | undefined)?.commands ?? []) {
      pack(command.out, (moved) => (command.out = moved));
      pack(command.err, (moved) => (command.err = moved));
    }
  }
  const memory = packing.packed();
  for (const { from, bytes, move } of places) move(memory.subarray(from, from + bytes.byteLength));
  return [memory.buffer];
}
