import type { ChunkPlace, WatchFrame } from '@skep/protocol';
import type { EventRun, StoredEvent } from '@skep/store';

/** About what an event weighs beside its output, in bytes. */
const EVENT_BYTES = 128;

/** The bytes that a run of events weighs in memory, about. */
export const weightOf = ({ events }: EventRun): number =>
  events.reduce((sum, { output }) => sum + EVENT_BYTES + (output?.bytes.length ?? 0), 0);

/** The arguments of an event, after the job's id, as browsers and callers see it: output as text, no command that has a `screencmd`. */
export function plainArgs(event: StoredEvent): unknown[] {
  // Chunks of our drones end at the end of a character, and plain drones send text, so each can be decoded alone.
  if (event.output)
    return [
      ...event.args,
      Buffer.from(event.output.bytes.buffer, event.output.bytes.byteOffset, event.output.bytes.byteLength).toString('utf8'),
    ];
  return maskedArgs(event);
}

/** A run of events for a watcher that asked for frames. */
export const toFrame = (id: string, { attempt, cursor, events }: EventRun): WatchFrame => ({
  id,
  attempt,
  cursor,
  events: events.map(frameEvent),
});

function frameEvent(event: StoredEvent): WatchFrame['events'][number] {
  const { at, output, firstByte, firstLine, lines } = event;
  if (!output) return [at, event.name, ...maskedArgs(event)];
  const place: ChunkPlace = { firstByte, firstLine, lines };
  return [at, `job:cmd:${output.stream}`, output.command, output.bytes, place];
}

function maskedArgs({ name, args }: StoredEvent): unknown[] {
  const [num, , screencmd] = args;
  if (name !== 'job:cmd:start' || typeof screencmd !== 'string') return args;
  return [num, screencmd, screencmd];
}
