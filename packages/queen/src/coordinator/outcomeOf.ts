import type { Outcome } from '@skep/protocol';
import type { AttemptRecord, CommandRecord } from '@skep/store';

/** How an attempt ended, and by what. */
export interface Ending {
  outcome: Outcome;
  /** A code for programs and people, such as `exit 2` or `nothing-to-run`; null if it passed. */
  reason: string | null;
  exitCode: number | null;
  signal: string | null;
}

/** The codes of `job:errored` that are outcomes of their own. */
const namedOutcomes: Record<string, Outcome> = { cancelled: 'cancelled', 'timed-out': 'timed-out', lost: 'lost' };

/**
 * How an attempt ended, from what its drone said of it: `job:errored`, else the first code that is not 0 among test and
 * deploy code and, where neither was sent, the codes of its commands; none: passed (DESIGN.md section 3).
 */
export function outcomeOf(record: AttemptRecord, commands: Iterable<CommandRecord>): Ending {
  const { error, testCode, deployCode } = record;
  const all = [...commands].sort((a, b) => a.num - b.num);
  if (error) {
    const outcome = Object.hasOwn(namedOutcomes, error.code) ? namedOutcomes[error.code] : undefined;
    return { outcome: outcome ?? 'errored', reason: error.code, exitCode: null, signal: null };
  }
  const phaseCodes = [testCode, deployCode].filter((code) => code !== null);
  if (phaseCodes.length > 0) {
    const exitCode = phaseCodes.find((code) => code !== 0) ?? 0;
    return ending(exitCode, all.find((command) => command.exitCode === exitCode && exitCode !== 0)?.signal ?? null);
  }
  const failed = all.find((command) => command.exitCode !== null && command.exitCode !== 0);
  if (failed) return ending(failed.exitCode ?? 0, failed.signal);
  return ending(all.some((command) => command.exitCode !== null) ? 0 : null, null);
}

function ending(exitCode: number | null, signal: string | null): Ending {
  if (exitCode === null || exitCode === 0) return { outcome: 'passed', reason: null, exitCode, signal: null };
  return { outcome: 'failed', reason: signal === null ? `exit ${exitCode}` : `signal ${signal}`, exitCode, signal };
}
