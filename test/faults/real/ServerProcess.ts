import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs';
import { until } from '../../helpers/until.js';
import { skepFile } from './places.js';

/** How long whoever keeps services up waits before it starts one again. */
const AGAIN_MS = 200;

/** A queen or a drone as a process of the built command line, kept up as a service is, unless it was killed or told to leave here. */
export class ServerProcess {
  /** What it said when it ended without having been told to, each time. */
  readonly deaths: string[] = [];
  #child: ChildProcess | undefined;
  #ended: Promise<unknown> = Promise.resolve();
  #again: NodeJS.Timeout | undefined;
  #isTold = false;

  constructor(
    readonly name: string,
    private readonly args: readonly string[],
    private readonly env: NodeJS.ProcessEnv,
    /** What it says goes there, from all its lives. */
    readonly logFile: string,
  ) {}

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Starts it; what it says is appended to its log. Does nothing while it runs. */
  start(moreArgs: readonly string[] = []): void {
    clearTimeout(this.#again);
    if (this.isRunning) return;
    const log = openSync(this.logFile, 'a');
    const child = spawn(process.execPath, [skepFile, ...this.args, ...moreArgs], { env: this.env, stdio: ['ignore', 'ignore', log] });
    closeSync(log);
    this.#child = child;
    this.#ended = once(child, 'exit');
    this.#isTold = false;
    child.once('exit', (code, signal) => {
      if (this.#isTold) return;
      this.deaths.push(`${this.name} ended by itself, ${signal ?? code}: ${this.log().trim().split('\n').at(-1)}`);
      this.#again = setTimeout(() => this.start(moreArgs), AGAIN_MS);
    });
  }

  /** Starts it and waits until it has said this. */
  async startUntil(words: RegExp, moreArgs: readonly string[] = []): Promise<RegExpExecArray> {
    const from = statSync(this.logFile, { throwIfNoEntry: false })?.size ?? 0;
    this.start(moreArgs);
    return until(() => {
      const said = words.exec(this.log(from));
      if (!said && !this.isRunning) throw new Error(`${this.name} ended before it said ${words}:\n${this.log(from)}`);
      return said;
    }, `${this.name} saying ${words}`);
  }

  /** Sends a signal; does nothing if it is gone. */
  signal(signal: NodeJS.Signals): void {
    if (['SIGKILL', 'SIGTERM', 'SIGINT'].includes(signal)) this.#isTold = true;
    clearTimeout(this.#again);
    if (this.isRunning) this.#child?.kill(signal);
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.#ended;
  }

  /** Asks it to leave. @returns its exit code, null if a signal ended it */
  async leave(): Promise<number | null> {
    this.signal('SIGTERM');
    await this.#ended;
    return this.#child?.exitCode ?? null;
  }

  /** Settles when it has ended. @returns its exit code, null if a signal ended it */
  async ended(): Promise<number | null> {
    await this.#ended;
    return this.#child?.exitCode ?? null;
  }

  /** What it has said since its log had so many bytes. */
  log(from = 0): string {
    return existsSync(this.logFile) ? readFileSync(this.logFile).subarray(from).toString() : '';
  }
}
