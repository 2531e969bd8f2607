import { type AttemptEvent, CHUNK_BYTES, type CommandNum, type OutputText, SkepError, type Stream } from '@skep/protocol';
import type { AttemptRecord, CommandRecord, StoredEvent } from '@skep/store';
import type { z } from 'zod';
import { noteGap } from './gaps.js';
import type { LiveAttempt } from './LiveJob.js';

/** The number of the blank command that holds text from before the first. */
const INITIALIZING = -1;
const NEWLINE = 0x0a;

/** The command that an event changed, if any, and the event as it is to be stored. */
export interface Folded {
  event: StoredEvent;
  command: CommandRecord | null;
}

/**
 * Takes an event into the attempt's state, at the attempt's next seq.
 * @param at Unix ms, the queen's clock
 * @throws {SkepError} COMMAND_NOT_FOUND or INVALID_MESSAGE; the attempt is as before then
 */
export function foldEvent(attempt: LiveAttempt, event: AttemptEvent, at: number): Folded {
  const { record } = attempt;
  const stored: StoredEvent = {
    seq: record.events,
    at,
    name: event.name,
    args: event.args,
    output: null,
    firstByte: record.outputBytes,
    firstLine: record.outputLines,
    lines: 0,
  };
  const command = apply(attempt, event, stored);
  record.events += 1;
  return { event: stored, command };
}

function apply(attempt: LiveAttempt, event: AttemptEvent, stored: StoredEvent): CommandRecord | null {
  const { record } = attempt;
  switch (event.name) {
    case 'job:queued':
    case 'job:plugin':
      return null;
    case 'job:started':
      [record.startedAt] = event.args;
      return null;
    case 'job:phase':
      [record.phase, record.phaseStartedAt] = event.args;
      record.deployBegan ||= record.phase === 'deploy';
      return null;
    case 'job:tested':
      [record.testCode, record.testedAt] = event.args;
      record.testTimeMs = record.testedAt - (beginOf(record, 'test') ?? record.startedAt ?? record.grantedAt);
      return null;
    case 'job:deployed':
      record.deployCode = event.args[0];
      record.deployTimeMs = event.args[1] - (beginOf(record, 'deploy') ?? record.testedAt ?? record.startedAt ?? record.grantedAt);
      return null;
    case 'job:done':
      [record.finishedAt] = event.args;
      return null;
    case 'job:errored':
      [record.error, record.finishedAt] = event.args;
      return null;
    case 'job:cut':
      noteGap(record, 'the output is over the limit of its drone', { bytes: event.args[0], limit: event.args[1] });
      return null;
    case 'job:progress':
      [record.progress] = event.args;
      return null;
    case 'job:result':
      [record.result] = event.args;
      return null;
    case 'job:cmd:start':
      return startCommand(attempt, event.args, stored);
    case 'job:cmd:done':
      return endCommand(attempt, event.args, stored);
    case 'job:cmd:stdout':
    case 'job:cmd:stderr':
      stored.args = [event.args[0]];
      return addOutput(attempt, commandOf(attempt, event.args[0]), streamOf(event.name), event.args[1], stored);
    case 'job:stdout':
    case 'job:stderr':
      stored.args = [];
      return addOutput(attempt, currentCommand(attempt, stored), streamOf(event.name), event.args[0], stored);
  }
}

const beginOf = (record: AttemptRecord, phase: string): number | null => (record.phase === phase ? record.phaseStartedAt : null);

const streamOf = (name: string): Stream => (name.endsWith('stdout') ? 'stdout' : 'stderr');

function startCommand(
  attempt: LiveAttempt,
  [num, cmd, screencmd]: [number, string, (string | null | undefined)?],
  stored: StoredEvent,
): CommandRecord {
  if (attempt.commands.has(num)) throw new SkepError('INVALID_MESSAGE', `job:cmd:start: command ${num} has started already`);
  const command = { ...newCommand(attempt, num, stored), cmd, screencmd: screencmd ?? null, startedAt: stored.at };
  attempt.commands.set(num, command);
  attempt.currentCommand = num;
  return command;
}

function endCommand(
  attempt: LiveAttempt,
  [num, exitCode, signal]: [number, number, (string | null | undefined)?],
  stored: StoredEvent,
): CommandRecord {
  const command = commandOf(attempt, num);
  command.exitCode = exitCode;
  command.signal = signal ?? null;
  command.finishedAt = stored.at;
  return command;
}

function commandOf(attempt: LiveAttempt, num: z.infer<typeof CommandNum>): CommandRecord {
  const command = attempt.commands.get(num);
  if (!command)
    throw new SkepError('COMMAND_NOT_FOUND', `Job ${attempt.record.jobId} has no command ${num} in attempt ${attempt.record.attempt}`);
  return command;
}

/** The command that general text belongs to: the one started last; before the first, a blank one. */
function currentCommand(attempt: LiveAttempt, stored: StoredEvent): CommandRecord {
  const num = attempt.currentCommand ?? INITIALIZING;
  const known = attempt.commands.get(num);
  if (known) return known;
  const command = { ...newCommand(attempt, num, stored), cmd: '[initializing]', startedAt: stored.at };
  attempt.commands.set(num, command);
  return command;
}

const newCommand = ({ record }: LiveAttempt, num: number, { seq }: StoredEvent): CommandRecord => ({
  jobId: record.jobId,
  attempt: record.attempt,
  num,
  phase: record.phase,
  cmd: '',
  screencmd: null,
  exitCode: null,
  signal: null,
  startedAt: null,
  finishedAt: null,
  firstSeq: seq,
  lastSeq: seq,
  outBytes: 0,
  errBytes: 0,
});

function addOutput(attempt: LiveAttempt, command: CommandRecord, stream: Stream, text: OutputText, stored: StoredEvent): CommandRecord {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  if (bytes.length > CHUNK_BYTES)
    throw new SkepError('INVALID_MESSAGE', `A chunk of output has ${bytes.length} bytes; ${CHUNK_BYTES} are allowed`);
  stored.output = { command: command.num, stream, bytes };
  stored.lines = countLineEnds(bytes);
  attempt.hash?.update(bytes);
  attempt.record.outputBytes += bytes.length;
  attempt.record.outputLines += stored.lines;
  command.lastSeq = stored.seq;
  if (stream === 'stdout') command.outBytes += bytes.length;
  else command.errBytes += bytes.length;
  return command;
}

/** How many line ends there are. A plain loop: calls of indexOf cost more where lines are short. */
export function countLineEnds(bytes: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === NEWLINE) count++;
  return count;
}
