import { type FaultKind, faultKinds } from './plan.js';
import type { PlanResult } from './runPlan.js';

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, number) => total + number, 0);

/** What many plans came to, as one table. */
export class Report {
  readonly #results: PlanResult[] = [];
  readonly #begunAt = performance.now();

  /** A plan in a line. */
  static lineOf({ seed, faults, jobs, attempts, bytes, lost, doubled, problems }: PlanResult): string {
    const verdict = problems.length === 0 ? 'ok' : 'FAILED';
    return `seed ${seed}: ${sum(faults.values())} faults, ${jobs} jobs, ${sum(attempts.values())} attempts, ${bytes} bytes, lost ${lost}, doubled ${doubled}: ${verdict}`;
  }

  /** What went wrong, how it is done again, and what the processes said last. */
  static failureOf({ seed, problems, tails }: PlanResult, isQuick = true): string {
    const again = `npm run soak -- --seed ${seed} --plans 1${isQuick ? ' --quick' : ''}`;
    return [`seed ${seed} failed; again: ${again}`, ...problems.map((problem) => `  ${problem}`), tails].join('\n');
  }

  add(result: PlanResult): void {
    this.#results.push(result);
  }

  get hasProblems(): boolean {
    return this.#results.some(({ problems }) => problems.length > 0);
  }

  toMarkdown(): string {
    const total = (what: (result: PlanResult) => number): string => sum(this.#results.map(what)).toLocaleString('en');
    const kinds = (Object.keys(faultKinds) as FaultKind[]).map((kind) => [kind, total(({ faults }) => faults.get(kind) ?? 0)]);
    const ends = [...new Set(this.#results.flatMap(({ attempts }) => [...attempts.keys()]))].sort();
    const seeds = this.#results.map(({ seed }) => seed);
    const rows = [
      ['minutes', ((performance.now() - this.#begunAt) / 60_000).toFixed(1)],
      ['seeds', `${seeds[0]} to ${seeds.at(-1)}`],
      ['faults', total(({ faults }) => sum(faults.values()))],
      ...kinds.map(([kind, count]) => [`- ${kind}`, count]),
      ['jobs', total(({ jobs }) => jobs)],
      ['attempts', total(({ attempts }) => sum(attempts.values()))],
      ...ends.map((end) => [`- that ended ${end}`, total(({ attempts }) => attempts.get(end) ?? 0)]),
      ['bytes of output compared', total(({ bytes }) => bytes)],
      ['acknowledged jobs lost', total(({ lost }) => lost)],
      ['attempts doubled', total(({ doubled }) => doubled)],
      ['attempts called lost that lived on while their drone was away', total(({ overtaken }) => overtaken)],
      ['other failures', total(({ problems }) => problems.length)],
    ];
    return ['| what | how many |', '| --- | ---: |', ...rows.map(([what, count]) => `| ${what} | ${count} |`), ''].join('\n');
  }
}
