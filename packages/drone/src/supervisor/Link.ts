import type { DroneInfo, ErrorCode, HeldAttempt, JobFrame, SkepError } from '@skep/protocol';

/** What the queen says to a frame: durable before this cursor, or why it was not taken. */
export type FrameAnswer = { readonly cursor: number } | { readonly error: { readonly code: ErrorCode; readonly message: string } };

/** What comes from the queen, as it arrives: nothing of it is checked. */
export interface LinkListener {
  connected(): void;
  disconnected(why: string): void;
  infoAsked(): void;
  assigned(job: unknown): void;
  cancelled(id: unknown, reason: unknown): void;
  /** An `error:invalid`: the queen did not take what was said. */
  invalid(event: unknown, error: unknown): void;
  /** The queen will not have this drone; it is useless to try again. */
  refused(error: SkepError): void;
}

/** The connection to the queen. It comes back by itself, with a back-off, until it is closed. */
export interface Link {
  open(listener: LinkListener): void;
  info(info: DroneInfo): void;
  /** @param answered called at most once, with whatever the queen answered */
  resume(attempts: readonly HeldAttempt[], answered: (answer: unknown) => void): void;
  /** @param answered called at most once, with whatever the queen answered; never after the connection is lost */
  frame(frame: JobFrame, answered: (answer: unknown) => void): void;
  /** Gives the present connection up and makes a new one. */
  drop(why: string): void;
  /** Ends it for good. */
  close(): void;
}
