import {
  type AttemptEventArgs,
  type AttemptEventName,
  ChunkPlace,
  isAttemptEventName,
  type JobSummary,
  parseAs,
  parseAttemptEvent,
  type WatchFrame,
} from '@skep/protocol';

/** The events whose bytes are a command's output. */
export type OutputEventName = 'job:cmd:stdout' | 'job:cmd:stderr';

/** Where an event stands. */
interface EventPlace {
  type: 'event';
  /** The cursor of this event; the one after it is the next that a reader wants. */
  cursor: number;
  attempt: number;
  /** Unix ms, by the queen's clock. */
  at: number;
}

/** A piece of a command's output: its number, the bytes, and where they stand in the output of the attempt. */
export interface OutputItem extends EventPlace {
  name: OutputEventName;
  args: [num: number, bytes: Uint8Array, place: ChunkPlace];
}

type PlainEventName = Exclude<AttemptEventName, OutputEventName>;

/** An event of an attempt as a follower is given it. */
export type EventItem = OutputItem | { [E in PlainEventName]: EventPlace & { name: E; args: AttemptEventArgs<E> } }[PlainEventName];

/** What the job is now; said when its status or the reason for its waiting changes. */
export interface SummaryItem {
  type: 'summary';
  summary: JobSummary;
}

/** The connection to the queen was lost, or is there again; nothing is missing for that. */
export interface ConnectionItem {
  type: 'connection';
  state: 'lost' | 'regained';
}

export type FollowItem = EventItem | SummaryItem | ConnectionItem;

/** Whether this is a piece of output. */
export const isOutput = (item: FollowItem): item is OutputItem =>
  item.type === 'event' && (item.name === 'job:cmd:stdout' || item.name === 'job:cmd:stderr');

/**
 * The events of a frame from `cursor` on. Events of a name that is not known here are left out: a newer queen may say more.
 * @throws {SkepError} INVALID_MESSAGE
 */
export function* itemsOf(frame: WatchFrame, cursor: number): Generator<EventItem> {
  for (let index = Math.max(0, cursor - frame.cursor); index < frame.events.length; index += 1) {
    const event = frame.events[index];
    if (!event) continue;
    const [at, name, ...args] = event;
    if (!isAttemptEventName(name)) continue;
    const place = { type: 'event', cursor: frame.cursor + index, attempt: frame.attempt, at } as const;
    if (name === 'job:cmd:stdout' || name === 'job:cmd:stderr') yield { ...place, name, args: outputArgs(args) };
    else yield { ...place, ...parseAttemptEvent(name, args) } as EventItem;
  }
}

const encoder = new TextEncoder();

function outputArgs([num, bytes, place]: readonly unknown[]): OutputItem['args'] {
  return [Number(num), bytesOf(bytes), parseAs(ChunkPlace, place, 'The place of a chunk')];
}

/** Binary data comes as a Buffer in Node and as an ArrayBuffer in a browser. */
function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  return value instanceof ArrayBuffer ? new Uint8Array(value) : encoder.encode(String(value));
}
