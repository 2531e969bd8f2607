import type { HookName, JobNotice } from '@skep/protocol';
import type { Logger } from 'pino';

export type Hook = (notice: JobNotice) => unknown;

/** The hooks of those who embed the queen. */
export class LocalHooks {
  readonly #hooks = new Map<string, Set<{ call: Hook }>>();

  constructor(private readonly log: Logger) {}

  /** Has this called for jobs of these types. Returns how to end it. */
  add(hook: HookName, types: readonly string[], call: Hook): () => void {
    // Another object each time: the same function may be added twice.
    const entry = { call };
    const keys = types.map((type) => keyOf(hook, type));
    for (const key of keys) this.#hooks.set(key, (this.#hooks.get(key) ?? new Set()).add(entry));
    return () => {
      for (const key of keys) {
        const entries = this.#hooks.get(key);
        entries?.delete(entry);
        if (entries?.size === 0) this.#hooks.delete(key);
      }
    };
  }

  /** Calls all that wait for this. One that throws, rejects or never ends keeps nobody waiting. */
  tell(notice: JobNotice): void {
    const { hook, job } = notice;
    const failed = (error: unknown): void => this.log.error({ err: error, hook, jobId: job.id }, 'a hook failed');
    for (const { call } of [...(this.#hooks.get(keyOf(hook, job.job_type)) ?? []), ...(this.#hooks.get(keyOf(hook, ANY)) ?? [])]) {
      try {
        void Promise.resolve(call(notice)).catch(failed);
      } catch (error) {
        failed(error);
      }
    }
  }
}

/** In place of a type: of all. */
const ANY = '*';
const keyOf = (hook: HookName, type: string): string => `${hook} ${type}`;
