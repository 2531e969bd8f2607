import type { JobCache } from '@skep/protocol';
import { collectArtifacts, globsOf } from '../artifacts/collectArtifacts.js';
import { AttemptCaches } from '../caches/AttemptCaches.js';
import { CacheFolder } from '../caches/CacheFolder.js';
import type { Workspace } from '../workspace/Workspace.js';
import type { AttemptContext } from './AttemptContext.js';
import type { AttemptReport } from './AttemptReport.js';
import type { CommandRunner, Write } from './CommandRunner.js';
import type { Ending } from './Ending.js';

/** The longest that finding or keeping one cache may take: longer, and it is not worth it. */
const CACHE_MS = 60_000;

/** What files of an attempt outlive it. All of it is told as commands of the attempt are. */
export class AttemptFiles {
  /** Keys of caches that were found as they are. */
  readonly #restored = new Set<string>();

  constructor(
    private readonly context: AttemptContext,
    private readonly workspace: Workspace,
    private readonly ending: Ending,
    private readonly report: AttemptReport,
    private readonly runner: CommandRunner,
  ) {}

  /**
   * Uploads the job's artifacts. An attempt that passed but for them is `errored: artifacts-missing`; one that was ended
   * has its grace for them, and none if its lease has ended.
   */
  async collect(passed: boolean): Promise<void> {
    const { context, ending, report, workspace } = this;
    const { job, drone } = context;
    const globs = globsOf(job.artifacts ?? [], passed);
    if (globs.length === 0 || ending.reason?.code === 'lease-ended') return;
    const late = new AbortController();
    const timer = ending.reason && setTimeout(() => late.abort(new Error('the attempt was ended')), drone.graceMs);
    const end = (): void => late.abort(new Error(ending.reason?.message));
    if (!ending.reason) ending.signal.addEventListener('abort', end);
    try {
      await this.runner.tell(`collect artifacts ${globs.join(' ')}`, undefined, async (_, write) => {
        const missing = await this.#guarded(write, () => {
          if (job.ticket === undefined) throw new Error('this queen keeps no artifacts: it gave no ticket');
          return collectArtifacts(globs, {
            job,
            queen: drone.queen,
            ticket: job.ticket,
            folder: workspace.code,
            signal: late.signal,
            onSign: () => {
              report.heardAt = performance.now();
            },
            say: lineWriter(write),
          });
        });
        if (missing?.length === 0) return { kind: 'exited', exitCode: 0 };
        const words = missing
          ? `${missing.length} artifacts are not at the queen: ${missing.slice(0, 20).join(' ')}`
          : 'no artifacts are at the queen';
        if (passed) ending.end({ code: 'artifacts-missing', message: words });
        return { kind: 'exited', exitCode: 1 };
      });
    } finally {
      clearTimeout(timer);
      ending.signal.removeEventListener('abort', end);
    }
  }

  /** Finds the job's caches, where there are any. An attempt without them only takes longer: nothing here fails it. */
  async restoreCaches(): Promise<void> {
    await this.#eachCache('restore', async (caches, cache, say) => {
      const key = await caches.keyOf(cache);
      const found = await caches.restore(key, cache);
      if (found === key) this.#restored.add(key);
      say('stdout', found === undefined ? `there is none of ${key}` : `found ${found}`);
    });
  }

  /** Keeps the caches of an attempt that has passed, but for those that it found under their very key. */
  async saveCaches(): Promise<void> {
    await this.#eachCache('save', async (caches, cache, say) => {
      const key = await caches.keyOf(cache);
      if (this.#restored.has(key)) return say('stdout', `${key} is kept already`);
      const bytes = await caches.save(key, cache);
      say('stdout', bytes === undefined ? `there is nothing at ${cache.paths.join(' ')}` : `kept ${key}, ${bytes} bytes packed`);
    });
  }

  async #eachCache(
    verb: string,
    act: (caches: AttemptCaches, cache: JobCache[number], say: ReturnType<typeof lineWriter>) => Promise<void>,
  ): Promise<void> {
    const { context, ending, report, workspace } = this;
    const { job, drone, dataDir } = context;
    const { ticket } = job;
    if (ticket === undefined || ending.reason) return;
    for (const cache of job.cache ?? [])
      await this.runner.tell(`${verb} cache ${cache.key}`, undefined, async (_, write) => {
        await this.#guarded(write, async () => {
          const caches = new AttemptCaches({
            job,
            ticket,
            queen: drone.queen,
            folder: workspace.code,
            tmp: workspace.tmp,
            kept: new CacheFolder(dataDir),
            signal: AbortSignal.any([ending.signal, AbortSignal.timeout(CACHE_MS)]),
            onSign: () => {
              report.heardAt = performance.now();
            },
          });
          await act(caches, cache, lineWriter(write));
        });
        return { kind: 'exited', exitCode: 0 };
      });
  }

  /** @returns what was done; undefined if it could not be, and that was said */
  async #guarded<T>(write: Write, act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (error) {
      lineWriter(write)('stderr', error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }
}

const lineWriter =
  (write: Write) =>
  (stream: 'stdout' | 'stderr', line: string): void =>
    write(stream, Buffer.from(`${line}\n`));
