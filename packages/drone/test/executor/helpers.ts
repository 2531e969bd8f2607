import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AssignedJob, type AttemptEvent, Job } from '@skep/protocol';
import { type AttemptContext, runAttempt } from '../../src/executor/runAttempt.js';
import type { FoundPlugin } from '../../src/plugins/messages.js';

/** The built script of executors: a process cannot run TypeScript. */
export const executorEntry = fileURLToPath(new URL('../../dist/executor/main.js', import.meta.url));

/** A data folder that is removed with the block that uses it. */
export async function aFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'skep-test-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

let leases = 0;

export const aJob = (job: Job): AssignedJob => {
  const id = job.id ?? 'job-1';
  return { ...Job.parse(job), id, job_id: id, attempt: 1, lease: ++leases, assigned: 0 };
};

/** An attempt that runs, and all that it has said so far. */
export class Running {
  readonly job: AssignedJob;
  readonly events: AttemptEvent[] = [];
  readonly #abort = new AbortController();
  readonly done: Promise<this>;

  constructor(
    job: Job,
    dataDir: string,
    {
      graceMs = 2000,
      emit,
      passEnv = [],
      maxOutput = 1e9,
      plugins = [],
      pluginTimeoutMs = 5000,
      queen = 'http://127.0.0.1:1',
    }: {
      graceMs?: number;
      emit?: (event: AttemptEvent) => void;
      passEnv?: string[];
      maxOutput?: number;
      plugins?: readonly FoundPlugin[];
      pluginTimeoutMs?: number;
      queen?: string;
    } = {},
  ) {
    this.job = aJob(job);
    const context: AttemptContext = {
      job: this.job,
      emit: (event) => {
        emit?.(event);
        this.events.push(event);
      },
      signal: this.#abort.signal,
      draining: new AbortController().signal,
      spent: () => {},
      now: () => 1000,
      dataDir,
      drone: { name: 'bee', queen, passEnv, graceMs, maxOutput, entry: executorEntry, plugins, pluginTimeoutMs, handlerFiles: [] },
    };
    this.done = runAttempt(context).then(() => this);
  }

  cancel(): void {
    this.#abort.abort({ code: 'cancelled', message: 'changed my mind' });
  }

  /** What the commands wrote to a stream so far; of all of them, or of one. */
  output(stream: 'stdout' | 'stderr', num?: number): string {
    const chunks = this.events.flatMap(({ name, args }) =>
      name === `job:cmd:${stream}` && (num === undefined || args[0] === num) ? [Buffer.from(args[1] as Uint8Array)] : [],
    );
    return Buffer.concat(chunks).toString();
  }

  /** The arguments of every event of a name. */
  said(name: AttemptEvent['name']): readonly (readonly unknown[])[] {
    return this.events.filter((event) => event.name === name).map(({ args }) => args);
  }

  get error(): { code: string; message: string } | undefined {
    return this.said('job:errored')[0]?.[0] as { code: string; message: string } | undefined;
  }

  /** All but output, times left out, as short lines. */
  get story(): string[] {
    return this.events.flatMap(({ name, args }) => {
      if (name === 'job:cmd:stdout' || name === 'job:cmd:stderr') return [];
      if (name === 'job:errored') return [`errored ${args[0].code}`];
      return [[name.replace(/^job:/, ''), ...args.filter((arg) => arg !== 1000)].join(' ')];
    });
  }
}

export const runJob = (job: Job, dataDir: string, options?: ConstructorParameters<typeof Running>[2]): Promise<Running> =>
  new Running(job, dataDir, options).done;

/** Waits for a condition, looking every 5 ms. */
export async function until(isTrue: () => boolean, what = 'a condition'): Promise<void> {
  const limit = performance.now() + 15_000;
  while (!isTrue()) {
    if (performance.now() > limit) throw new Error(`${what} did not come true within 15 s`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !existsSync('/proc') || existsSync(`/proc/${pid}/exe`);
  } catch {
    return false;
  }
}
