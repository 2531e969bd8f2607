import type { PackedEvent } from '@skep/protocol';

/** How an attempt's events end: how many they are, and the SHA-256 of all output in their order, in hexadecimal. */
export interface EndMark {
  readonly events: number;
  readonly sha256: string;
}

/** What says whose events a spool holds; never the job itself, whose secrets must not rest on a disk. */
export interface SpoolHeader {
  readonly id: string;
  readonly attempt: number;
  readonly lease: number;
  /** Unix ms by the queen's clock. */
  readonly assigned: number;
  /** Unix ms by this machine's clock, when the job was received: event offsets count from here. */
  readonly received: number;
  /** Milliseconds that the attempt may take, its cleanup included. */
  readonly limitMs?: number | undefined;
}

/** A gapless run of events as they go into a frame. */
export interface SpoolRun {
  /** The seq of the first event. */
  readonly seq: number;
  readonly events: PackedEvent[];
  /** About how large the run is on the wire. */
  readonly bytes: number;
  /** There if the end mark follows right after these events. */
  readonly end?: EndMark;
}

/** Reads the events of one attempt in order, and again from any seq that is not confirmed. */
export interface Spool {
  /** Bytes that are written and not yet read, the end mark included. 0: nothing new. */
  unread(): number;
  /** The next events, until `maxBytes` are reached or passed. No events and no end: nothing whole is there. */
  read(maxBytes: number): SpoolRun;
  /** Goes to this seq, as read next. */
  seek(seq: number): void;
  /** Everything before this seq is durable at the queen and is not asked for again. */
  forget(seq: number): void;
  /** How many whole events are written. */
  count(): number;
  /** Deletes what is kept. */
  drop(): void;
}
