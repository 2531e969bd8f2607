import { SkepError } from '@skep/protocol';
import type { Member, MemberKind, PoolListener } from './Member.js';
import { StartBackoff } from './StartBackoff.js';
import { mayBeLeft, Waits } from './Waits.js';

export interface PoolOptions<M extends Member> {
  readonly kind: MemberKind<M>;
  readonly listener: PoolListener<M>;
  /** How often the members are looked after, in ms, beside whenever something happens. */
  readonly tendMs: number;
  /** Calls once after so many milliseconds. @returns cancels it */
  readonly after: (call: () => void, ms: number) => () => void;
}

/**
 * Keeps as many members as are wanted. One that dies is replaced, with a back-off while they die young; one that is worn
 * out is replaced by a fresh one, one at a time. It knows nothing of what members are: who makes the pool starts them, and
 * tells it when one died or became idle.
 */
export class Pool<M extends Member> {
  readonly #options: PoolOptions<M>;
  readonly #members = new Set<M>();
  /** Asked to leave, and not gone yet. */
  readonly #leaving = new Set<M>();
  /** The round in which each was started; every `recycle` begins a new one. */
  readonly #rounds = new WeakMap<M, number>();
  /** The rounds of those that are starting now. */
  readonly #starting: number[] = [];
  readonly #backoff = new StartBackoff();
  readonly #waits = new Waits();
  #round = 0;
  /** Members of earlier rounds are to be replaced, though they may be good for more. */
  #freshRound = 0;
  #isOpen = true;
  #cancelRetry: (() => void) | undefined;
  #cancelTend: (() => void) | undefined;

  constructor(options: PoolOptions<M>) {
    this.#options = options;
  }

  /** Those that work or could, without those that were asked to leave. */
  get members(): ReadonlySet<M> {
    return this.#members;
  }

  /** Whether it starts members; not after `drain` or `release`. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Takes in a member that was started by somebody else. */
  add(member: M): void {
    this.#add(member, this.#round);
  }

  /** A member has done what it was busy with. */
  served(member: M): void {
    this.#backoff.succeeded();
    if (this.#isOpen) this.#recycle();
    else if (this.#members.has(member)) this.#letGo(member);
  }

  /** A member has ended without having been asked to. Who knows it otherwise need not say. */
  died(member: M, how: string): void {
    this.#members.delete(member);
    if (this.#isOpen && this.#backoff.isYoung(member.ageMs)) this.#failed(how);
    this.fill();
  }

  /** Starts as many as are missing. */
  fill(): void {
    const wanted = this.#options.kind.wanted();
    while (this.#mayStart && this.#members.size + this.#starting.length < wanted) void this.#start();
    this.#waits.check();
  }

  /** Lets those leave that are more than are wanted, and starts those that are missing. Settles when it is so, or when the pool is drained. @throws {SkepError} WORKERS_DIE */
  fit(): Promise<void> {
    this.#trim(['idle', 'serving']);
    this.fill();
    const { kind } = this.#options;
    return this.#waits.until(
      () => !this.#isOpen || (this.#starting.length === 0 && this.#leaving.size === 0 && this.#members.size === kind.wanted()),
      'The pool is not full',
    );
  }

  /** Replaces all members that there are now. Settles when they are gone. @throws {SkepError} WORKERS_DIE; those that are left go on then */
  recycle(): Promise<void> {
    return mayBeLeft(this.#replaceAll());
  }

  async #replaceAll(): Promise<void> {
    this.#round += 1;
    this.#freshRound = this.#round;
    const round = this.#round;
    this.#recycle();
    // Who is starting now may have read what was there before, so it is replaced like the others.
    const isOld = (each: number): boolean => each < round;
    const olds = (): boolean =>
      this.#starting.some(isOld) || [...this.#members, ...this.#leaving].some((each) => isOld(this.#roundOf(each)));
    try {
      await this.#waits.until(() => !olds(), 'The old workers were kept');
    } catch (error) {
      this.#freshRound = 0;
      throw error;
    }
  }

  /** Starts no more and lets all leave, the busy ones when they are idle. Settles when all are gone, or when it is resumed. */
  drain(): Promise<void> {
    this.#close();
    for (const member of this.#members) if (member.use !== 'busy') this.#letGo(member);
    return this.#waits.until(() => this.#isOpen || this.#members.size + this.#leaving.size + this.#starting.length === 0);
  }

  /** Starts members again. Settles as `fit` does. */
  resume(): Promise<void> {
    this.#isOpen = true;
    return this.fit();
  }

  /** Keeps no members any more. @returns those that there are: they go on by themselves */
  release(): M[] {
    this.#close();
    const members = [...this.#members];
    this.#members.clear();
    this.#waits.check();
    return members;
  }

  /** Not during a back-off; and as long as it is not known whether the next one lives, one at a time. */
  get #mayStart(): boolean {
    return this.#isOpen && !this.#cancelRetry && (this.#backoff.failures === 0 || this.#starting.length === 0);
  }

  async #start(): Promise<void> {
    const { kind, listener } = this.#options;
    const round = this.#round;
    this.#starting.push(round);
    const started = await kind.start().then(
      (member) => ({ member }),
      (error: Error) => ({ error }),
    );
    this.#starting.splice(this.#starting.indexOf(round), 1);
    if ('member' in started) {
      this.#add(started.member, round);
      if (this.#isOpen) listener.joined(started.member);
      else this.#letGo(started.member);
    } else {
      if (this.#isOpen) listener.didNotStart(started.error);
      this.#failed(started.error.message);
    }
    this.#tend(['serving']);
  }

  #add(member: M, round: number): void {
    this.#rounds.set(member, round);
    this.#members.add(member);
    this.#tendLater();
  }

  #roundOf(member: M): number {
    return this.#rounds.get(member) ?? 0;
  }

  #failed(how: string): void {
    if (!this.#isOpen || this.#cancelRetry) return;
    const retryMs = this.#backoff.failed();
    const { failures } = this.#backoff;
    this.#options.listener.failing({ failures, retryMs, how });
    this.#cancelRetry = this.#options.after(() => {
      this.#cancelRetry = undefined;
      this.#tend([]);
    }, retryMs);
    if (!this.#backoff.isHopeless) return;
    this.#options.listener.isHopeless(how);
    this.#waits.fail((what) => new SkepError('WORKERS_DIE', `${what}: ${failures} in a row ended young, the last one ${how}`));
  }

  #tendLater(): void {
    if (!this.#isOpen) return;
    this.#cancelTend ??= this.#options.after(() => {
      this.#cancelTend = undefined;
      this.#tend(['idle', 'serving']);
      if (this.#members.size > 0) this.#tendLater();
    }, this.#options.tendMs);
  }

  #tend(spare: Member['use'][]): void {
    if (this.#isOpen) {
      this.#trim(spare);
      this.#recycle();
    }
    this.fill();
  }

  /** Lets go of what is more than wanted; of what is worn out before all else. */
  #trim(uses: Member['use'][]): void {
    const spare = [...this.#members].filter(({ use }) => uses.includes(use));
    spare.sort((a, b) => Number(this.#whyWorn(b) !== undefined) - Number(this.#whyWorn(a) !== undefined));
    for (const member of spare) if (this.#members.size > this.#options.kind.wanted()) this.#letGo(member);
  }

  /** Replaces one that is worn out; never another before the one that takes its place is there. */
  #recycle(): void {
    if (this.#starting.length > 0 || this.#cancelRetry) return;
    const worn = [...this.#members].find((member) => member.use !== 'busy' && this.#whyWorn(member) !== undefined);
    if (!worn) return;
    if (worn.use === 'idle' || this.#members.size > this.#options.kind.wanted()) this.#letGo(worn);
    else if (this.#leaving.size === 0) void this.#start();
  }

  #whyWorn(member: M): string | undefined {
    return member.worn ?? (this.#roundOf(member) < this.#freshRound ? 'it shall be fresh' : undefined);
  }

  #letGo(member: M): void {
    const why = this.#isOpen ? this.#whyWorn(member) : undefined;
    if (why !== undefined) {
      this.#options.listener.replaced(member, why);
      if (member.worn !== undefined && !member.hasServed && this.#backoff.isYoung(member.ageMs)) this.#failed(why);
    }
    this.#members.delete(member);
    this.#leaving.add(member);
    void member.leave().finally(() => {
      this.#leaving.delete(member);
      this.#tend([]);
    });
  }

  #close(): void {
    this.#isOpen = false;
    this.#cancelRetry?.();
    this.#cancelTend?.();
    this.#cancelRetry = undefined;
    this.#cancelTend = undefined;
    this.#waits.check();
  }
}
