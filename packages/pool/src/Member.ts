/** One of those that a pool keeps: a process, however it is started and spoken to. */
export interface Member {
  /** Milliseconds since its start. */
  readonly ageMs: number;
  /**
   * `idle`: nobody needs it now, so it may leave at once. `serving`: it may be asked to leave, once another does its work.
   * `busy`: it must not be asked to leave before it says that it is idle.
   */
  readonly use: 'idle' | 'serving' | 'busy';
  /** Whether it has done any work: one that is worn out before it did is a failure, whatever its age. */
  readonly hasServed: boolean;
  /** Why it shall be replaced, in words; `undefined` if it is good for more. */
  readonly worn: string | undefined;
  /** Asks it to leave, and kills it if it does not. Called once, never while it is busy. Settles when it is gone. */
  leave(): Promise<void>;
}

/** What the members of one pool have in common. */
export interface MemberKind<M extends Member> {
  /** Starts one. Settles when it can work; rejects if it does not come up, and nothing of it is left then. */
  start(): Promise<M>;
  /** How many there shall be, as things are now. */
  wanted(): number;
}

/** Who keeps a pool hears of what it does. */
export interface PoolListener<M extends Member> {
  /** There is one more that can work. */
  joined(member: M): void;
  /** It is worn out, and asked to leave. */
  replaced(member: M, why: string): void;
  /** One did not come up. */
  didNotStart(error: Error): void;
  /** They die young: the next is started in `retryMs`. */
  failing(failing: Failing): void;
  /** So many died young, one after the other, that nothing is to be hoped for soon; it is still tried, ever less often. */
  isHopeless(how: string): void;
}

export interface Failing {
  /** How many failed since the last one that did not. */
  readonly failures: number;
  /** Milliseconds until the next is started. */
  readonly retryMs: number;
  /** How the last one ended. */
  readonly how: string;
}
