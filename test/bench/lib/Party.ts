import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Reply, Skills, Wish } from './serve.js';

/** Where each party leaves a profile of its CPU time, if anybody wants one. */
const profiles = process.env.SKEP_BENCH_PROFILES;

type Argument<S> = S extends (argument: infer A) => unknown ? A : undefined;
type Answer<S> = S extends (argument: never) => infer R ? Awaited<R> : never;

/** A process that takes part in a measurement: a queen, a drone, a caller, or one of those of a yardstick. */
export class Party<S extends Skills> implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #asked = 0;

  /** @param script the name of a file in parties/ */
  constructor(
    readonly script: string,
    execArgv: readonly string[] = [],
  ) {
    const path = join(import.meta.dirname, '../parties', `${script}.js`);
    this.#child = fork(path, { execArgv: [...execArgv, ...profiling(script)], serialization: 'advanced' });
    this.#child.on('message', (reply: Reply) => this.#hear(reply));
    this.#child.on('exit', (code, signal) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`${script} ended with ${signal ?? `exit code ${code}`}`));
      this.#waiting.clear();
    });
  }

  /** Asks the party for something, and waits for its answer. */
  ask<K extends keyof S & string>(name: K, argument: Argument<S[K]>): Promise<Answer<S[K]>> {
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#child.send({ id, name, argument } satisfies Wish, (error) => error && reject(error));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    if (this.#child.connected) this.#child.disconnect();
    const late = setTimeout(() => this.#child.kill('SIGKILL'), 20_000);
    await exit;
    clearTimeout(late);
  }

  #hear(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting?.reject(new Error(`${this.script}: ${reply.error}`));
    else waiting?.resolve(reply.value);
  }
}

function profiling(script: string): string[] {
  if (profiles === undefined) return [];
  const folder = join(profiles, script);
  mkdirSync(folder, { recursive: true });
  return ['--cpu-prof', `--cpu-prof-dir=${folder}`];
}
