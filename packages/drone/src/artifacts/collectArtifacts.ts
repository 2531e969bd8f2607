import { type AssignedJob, type JobArtifacts, SkepError } from '@skep/protocol';
import { findFiles } from './findFiles.js';
import { openInside } from './openInside.js';
import { QueenFiles, type QueenFilesOptions } from './QueenFiles.js';
import { sha256Of } from './sha256Of.js';

/** How many files are uploaded at once. */
const AT_ONCE = 4;
/** Files of one attempt; of more, the first. */
const MAX_FILES = 10_000;
/** Lines about files that are told; of the rest only how many. */
const TOLD_FILES = 200;

export interface CollectOptions extends Omit<QueenFilesOptions, 'patienceMs'> {
  readonly job: Pick<AssignedJob, 'id' | 'attempt' | 'lease'>;
  /** Where the globs begin. */
  readonly folder: string;
  /** Takes lines for whoever reads the output. */
  readonly say: (stream: 'stdout' | 'stderr', line: string) => void;
}

/** The globs that count for an attempt that has passed, or has not. */
export const globsOf = (artifacts: JobArtifacts, passed: boolean): string[] =>
  artifacts.flatMap((each) => (typeof each === 'string' ? [each] : each.when === 'passed' && !passed ? [] : each.paths));

/**
 * Uploads the files that globs name to the queen, several at once, and says of each what became of it. What cannot be an
 * artifact (a link out of the workspace, a pipe, a name that is not allowed) is left out by name.
 * @returns the files that the queen should have and does not
 */
export async function collectArtifacts(globs: readonly string[], options: CollectOptions): Promise<string[]> {
  const { job, folder, signal, say } = options;
  const queen = new QueenFiles({ ...options, patienceMs: Number.POSITIVE_INFINITY });
  const found = await findFiles(folder, globs, signal);
  if (found.length === 0) say('stderr', `nothing in the workspace is named by ${globs.join(' ')}`);
  if (found.length > MAX_FILES)
    say('stderr', `${found.length} files are named; the first ${MAX_FILES} are taken, pack the others into an archive`);
  const missing: string[] = found.slice(MAX_FILES);
  const told = new Teller(say);
  const waiting = found.slice(0, MAX_FILES);
  let ended: unknown;

  const take = async (path: string): Promise<void> => {
    const opened = await openInside(folder, path);
    if ('why' in opened) return told.leftOut(path, opened.why);
    const { file, size, mode } = opened;
    try {
      const sha256 = await sha256Of(file, size, signal);
      const body = { attempt: job.attempt, lease: job.lease, path, size, mode, sha256 };
      await queen.upload(`/api/jobs/${encodeURIComponent(job.id)}/artifacts`, body, file);
      told.taken(path, size);
    } finally {
      await file.close();
    }
  };
  const takeAll = async (): Promise<void> => {
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      try {
        if (ended === undefined) await take(path);
        else missing.push(path);
      } catch (error) {
        missing.push(path);
        if (signal.aborted || endsAll(error)) ended ??= signal.aborted ? signal.reason : error;
        else told.leftOut(path, wordsOf(error));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, takeAll));
  told.end();
  if (missing.length > 0)
    say('stderr', `${missing.length} of ${found.length} files are not at the queen${ended === undefined ? '' : `: ${wordsOf(ended)}`}`);
  return missing.sort();
}

/** Whether no other file can fare better. */
const endsAll = (error: unknown): boolean =>
  error instanceof SkepError &&
  ['LEASE_ENDED', 'UNAUTHENTICATED', 'FORBIDDEN', 'ROUTE_NOT_FOUND', 'TOO_MANY_ARTIFACTS'].includes(error.code);

const wordsOf = (error: unknown): string =>
  error instanceof Error ? error.message : String((error as { message?: unknown })?.message ?? error);

/** Tells of files, up to a number. */
class Teller {
  #told = 0;
  #taken = 0;
  #bytes = 0;

  constructor(private readonly say: CollectOptions['say']) {}

  taken(path: string, size: number): void {
    this.#taken += 1;
    this.#bytes += size;
    this.#tell('stdout', `${path} ${size} bytes`);
  }

  leftOut(path: string, why: string): void {
    this.#tell('stderr', `${JSON.stringify(path)} is left out: ${why}`);
  }

  end(): void {
    if (this.#told > TOLD_FILES) this.say('stdout', `and ${this.#told - TOLD_FILES} more`);
    this.say('stdout', `${this.#taken} files, ${this.#bytes} bytes`);
  }

  #tell(stream: 'stdout' | 'stderr', line: string): void {
    this.#told += 1;
    if (this.#told <= TOLD_FILES) this.say(stream, line);
  }
}
