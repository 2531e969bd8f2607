import { collectArtifacts, globsOf } from '../artifacts/collectArtifacts.js';
import type { Workspace } from '../workspace/Workspace.js';
import type { AttemptContext } from './AttemptContext.js';
import type { AttemptReport } from './AttemptReport.js';
import type { CommandRunner, Write } from './CommandRunner.js';
import type { Ending } from './Ending.js';

/** What files of an attempt outlive it. All of it is told as commands of the attempt are. */
export class AttemptFiles {
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
