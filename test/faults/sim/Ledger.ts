import type { AttemptEvent, PackedEvent } from '@skep/protocol';

/** What an attempt wrote on its drone, whatever arrived of it. */
export interface Written {
  readonly jobId: string;
  readonly attempt: number;
  readonly lease: number;
  readonly droneId: string;
  readonly isPlain: boolean;
  readonly events: PackedEvent[];
  /** How many of them the store was found to have, for a plain drone the place up to which was looked. */
  compared: number;
}

/** What is true outside the queen: what callers were told and what attempts wrote. */
export class Ledger {
  /** Jobs that callers want, by id. */
  readonly wanted = new Map<string, { isAcknowledged: boolean }>();
  readonly written = new Map<number, Written>();

  begin(of: Omit<Written, 'compared'>): void {
    this.written.set(of.lease, { ...of, compared: 0 });
  }
}

export const packed = (offsetMs: number, { name, args }: AttemptEvent): PackedEvent => [Math.floor(offsetMs), name, ...args];
