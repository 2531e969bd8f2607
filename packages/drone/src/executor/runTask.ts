import { JOB_TIMEOUT_S, jobTypeOf, SILENCE_TIMEOUT_S } from '@skep/protocol';
import { secretsOf } from '../output/SecretMask.js';
import { whenRoom } from '../spool/whenRoom.js';
import type { HandlerContext } from '../tasks/defineHandler.js';
import type { HandlerSet } from '../tasks/HandlerSet.js';
import { asTask, type TaskOwner, whoseTask } from '../tasks/owner.js';
import { ProgressGate } from '../tasks/ProgressGate.js';
import { stackOf, TaskError, thrownWords, toTaskError } from '../tasks/TaskError.js';
import { TaskFolder } from '../tasks/TaskFolder.js';
import type { AbortReason, AttemptContext } from './AttemptContext.js';
import { AttemptReport, type CommandOutput } from './AttemptReport.js';
import { Ending } from './Ending.js';

/**
 * Performs one task in this process and emits every event from `job:started` to `job:done` (`job:queued` is the caller's).
 * Never throws for what a handler does. One that does not end within the grace after its signal is left behind: the attempt
 * is over, and the process is of no further use.
 * @param load the handlers of this drone
 */
export const runTask = (context: AttemptContext, load: () => Promise<HandlerSet>): Promise<void> => new Task(context).run(load);

/** What was thrown by a task where nobody could catch it ends that task. @returns whether it was a task's doing */
export function failTask(error: unknown): boolean {
  const task = whoseTask();
  if (!(task instanceof Task)) return false;
  task.failed(error);
  return true;
}

class Task implements HandlerContext, TaskOwner {
  readonly id: string;
  readonly attempt: number;
  readonly draining: AbortSignal;
  // Arrow functions, because handlers take their context apart.
  readonly progress = (value: unknown): void => this.#hear(() => this.#gate.report(value));
  readonly log = (text: string): void => this.#hear(() => this.#output.feed('stdout', Buffer.from(String(text))));
  readonly folder = (): Promise<string> => this.#folder.path();
  readonly #context: AttemptContext;
  readonly #ending: Ending;
  readonly #report: AttemptReport;
  readonly #output: CommandOutput;
  readonly #gate = new ProgressGate((value) => this.#report.say({ name: 'job:progress', args: [value] }));
  readonly #folder: TaskFolder;
  #isOver = false;

  constructor(context: AttemptContext) {
    const { job, drone, dataDir } = context;
    this.id = job.id;
    this.attempt = job.attempt;
    this.draining = context.draining;
    this.#context = context;
    this.#ending = new Ending(context.signal);
    const { emit } = context;
    const onBroken = (reason: AbortReason): void => this.#ending.end(reason);
    this.#report = new AttemptReport({ emit, secrets: secretsOf(job), onBroken, maxOutput: drone.maxOutput });
    this.#output = this.#report.outputOf();
    this.#folder = new TaskFolder(dataDir, job);
  }

  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  async run(load: () => Promise<HandlerSet>): Promise<void> {
    const { emit, now, job } = this.#context;
    this.#report.say({ name: 'job:started', args: [now()] });
    const { job: jobS = JOB_TIMEOUT_S, silence = SILENCE_TIMEOUT_S } = job.timeout ?? {};
    const unwatch = this.#ending.watch(jobS * 1000, silence * 1000, () => this.#report.heardAt);
    const end = await this.#perform(load);
    unwatch();
    this.#gate.flush();
    this.#output.end();
    this.#isOver = true;
    await this.#folder.remove();
    const reason = this.#ending.reason ?? ('result' in end ? undefined : end);
    // However long the disk is full: an attempt that lost its error would count as passed.
    await whenRoom(() =>
      emit(
        reason || !('result' in end)
          ? { name: 'job:errored', args: [this.#told(reason as AbortReason), now()] }
          : { name: 'job:result', args: [end.result] },
      ),
    );
    await whenRoom(() => emit({ name: 'job:done', args: [now()] }));
  }

  leftRejected(reason: unknown): void {
    this.#tellLeft('a promise that nobody awaited was rejected', reason);
  }

  /** Something was thrown where nobody could catch it. */
  failed(error: unknown): void {
    this.#tellLeft('an error that nobody caught', error);
    this.#context.spent();
    if (!this.#isOver) this.#ending.end({ code: 'handler-failed', message: `an error that nobody caught: ${thrownWords(error)}` });
  }

  async #perform(load: () => Promise<HandlerSet>): Promise<{ result: unknown } | AbortReason> {
    const { job } = this.#context;
    const grace = new Grace(this.#ending.signal, this.#context.drone.graceMs);
    try {
      const performed = asTask(this, async () => (await load()).perform(jobTypeOf(job), this, job.data));
      const result = await Promise.race([performed, grace.over]);
      return { result };
    } catch (thrown) {
      const error = toTaskError(thrown);
      if (error === leftBehind) this.#context.spent();
      else if (error.code === 'handler-failed' && !this.#ending.reason) this.#output.feed('stderr', Buffer.from(stackOf(error)));
      return { code: error.code, message: error.message };
    } finally {
      grace.cancel();
    }
  }

  #hear(act: () => void): void {
    if (this.#isOver) return;
    this.#report.heardAt = performance.now();
    act();
  }

  #tellLeft(what: string, error: unknown): void {
    const words = `[skep] ${what}: ${thrownWords(error)}\n`;
    if (this.#isOver) console.error(`job ${this.id}: ${words.trimEnd()}`);
    else this.#output.feed('stderr', Buffer.from(words));
  }

  #told({ code, message }: AbortReason): AbortReason {
    return { code: code.slice(0, 100), message: this.#report.masked(message).slice(0, 16 * 1024) };
  }
}

const leftBehind = new TaskError('left-behind', 'the handler did not end when it was told to');

/** Waits for a signal, and then for so many milliseconds more. */
class Grace {
  /** Rejects with `leftBehind` when that is over. */
  readonly over: Promise<never>;
  readonly #signal: AbortSignal;
  #begin: () => void = () => {};
  #timer: NodeJS.Timeout | undefined;

  constructor(signal: AbortSignal, graceMs: number) {
    this.#signal = signal;
    this.over = new Promise((_, reject) => {
      this.#begin = () => {
        this.#timer = setTimeout(() => reject(leftBehind), graceMs);
      };
    });
    if (signal.aborted) this.#begin();
    else signal.addEventListener('abort', this.#begin, { once: true });
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#signal.removeEventListener('abort', this.#begin);
  }
}
