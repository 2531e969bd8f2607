import { parseArgs } from 'node:util';
import { long, planOf, quick } from './plan.js';
import { Report } from './Report.js';
import { runPlan } from './runPlan.js';
import { Site } from './Site.js';

/** `npm run soak`: plan after plan, with faults of all kinds, until the time is up; then one table. */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    /** Only so many plans. */
    plans: { type: 'string', default: 'Infinity' },
    /** Plans as small as those of `npm test`. */
    quick: { type: 'boolean', default: false },
  },
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    // What the plan that is under way finds now is of our own making.
    process.removeAllListeners('uncaughtException').on('uncaughtException', () => {});
    for (const site of [...Site.all]) await site[Symbol.asyncDispose]();
    process.stdout.write(report.toMarkdown());
    process.exit(1);
  });
}

const endsAt = performance.now() + Number(values.minutes) * 60_000;
const report = new Report();
for (let seed = Number(values.seed), left = Number(values.plans); left > 0 && performance.now() < endsAt; seed++, left--) {
  const result = await runPlan(planOf(seed, values.quick ? quick : long));
  report.add(result);
  process.stderr.write(`skep: ${Report.lineOf(result)}\n`);
  if (result.problems.length > 0) process.stderr.write(`${Report.failureOf(result, values.quick)}\n`);
}
process.stdout.write(report.toMarkdown());
process.exitCode = report.hasProblems ? 1 : 0;
