import { isUtf8 } from 'node:buffer';
import { ATTACHMENT_BYTES, type ChunkPlace, FRAME_ATTACHMENTS, type WatchFrame } from '@skep/protocol';
import type { EventRun, StoredEvent } from '@skep/store';

/** About what an event weighs beside its output, in bytes. */
const EVENT_BYTES = 128;

/** The bytes that a run of events weighs in memory, about. */
export const weightOf = ({ events }: EventRun): number =>
  events.reduce((sum, { output }) => sum + EVENT_BYTES + (output?.bytes.length ?? 0), 0);

/** The arguments of an event, after the job's id, as browsers and callers see it: output as text, no command that has a `screencmd`. */
export function plainArgs(event: StoredEvent): unknown[] {
  // Chunks of our drones end at the end of a character, and plain drones send text, so each can be decoded alone.
  if (event.output) return [...event.args, bufferOf(event.output.bytes).toString()];
  return maskedArgs(event);
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A run of events as frames for a watcher that asked for them, each with no more binary attachments than its decoder takes. */
export function toFrames(id: string, { attempt, cursor, events }: EventRun): WatchFrame[] {
  const frames: WatchFrame[] = [];
  let frame: WatchFrame | undefined;
  let attachments = 0;
  for (const [index, event] of events.entries()) {
    const packed = frameEvent(event);
    if (event.output && typeof packed[3] !== 'string') attachments += 1;
    if (!frame || attachments > FRAME_ATTACHMENTS) {
      frame = { id, attempt, cursor: cursor + index, events: [] };
      frames.push(frame);
      attachments = Math.min(attachments, 1);
    }
    frame.events.push(packed);
  }
  return frames;
}

function frameEvent(event: StoredEvent): WatchFrame['events'][number] {
  const { at, output, firstByte, firstLine, lines } = event;
  if (!output) return [at, event.name, ...maskedArgs(event)];
  const place: ChunkPlace = { firstByte, firstLine, lines };
  return [at, `job:cmd:${output.stream}`, output.command, shortText(output.bytes) ?? output.bytes, place];
}

/** The output as text, if it is text and so short that an attachment would cost more. */
function shortText(bytes: Uint8Array): string | undefined {
  return bytes.length < ATTACHMENT_BYTES && isUtf8(bytes) ? bufferOf(bytes).toString() : undefined;
}

function maskedArgs({ name, args }: StoredEvent): unknown[] {
  const [num, , screencmd] = args;
  if (name !== 'job:cmd:start' || typeof screencmd !== 'string') return args;
  return [num, screencmd, screencmd];
}
