import { artifacts } from './artifacts.js';
import { cache } from './cache.js';
import { command } from './command.js';
import { idleDrones } from './idleDrones.js';
import { latency } from './latency.js';
import { median, RUNS } from './lib/compare.js';
import { goals, type Question, type Row } from './lib/Row.js';
import { machine, table } from './lib/table.js';
import { line } from './line.js';
import { output } from './output.js';
import { page } from './page.js';
import { run as decisions } from './scheduler.js';
import { run as storing } from './store.js';
import { throughput } from './throughput.js';

interface Alone {
  question: string;
  rows: { name: string; value: number; unit: string }[];
}

/** Figures of a part of ours, beside which nothing stands. */
const alone = (name: string, question: string, measure: () => Promise<Alone>, goalOf: (figure: string) => Row['goal']): Question => ({
  name,
  question,
  run: async () => {
    const runs: Alone[] = [];
    for (let run = 0; run < RUNS; run++) runs.push(await measure());
    return (runs[0]?.rows ?? []).map(({ name: figure, unit }, index) => {
      const goal = goalOf(figure);
      const skep = median(runs.map(({ rows }) => rows[index]?.value ?? Number.NaN));
      return { figure, unit, skep, ...(goal && { goal }) };
    });
  },
});

const questions: Question[] = [
  throughput,
  latency,
  output,
  line,
  command,
  idleDrones,
  page,
  artifacts,
  cache,
  alone('scheduler', 'a decision of the scheduler', decisions, (figure) =>
    figure.includes('10,000') && figure.includes('median') ? goals.atMost(20, 'us') : undefined,
  ),
  alone('store', 'what the store writes and reads', storing, () => undefined),
];

/** Answers the questions that are named, or all of them. @returns the exit code */
async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !questions.some((question) => question.name === name));
  if (unknown.length > 0) {
    process.stderr.write(`No question is called ${unknown.join(', ')}. There are: ${questions.map(({ name }) => name).join(', ')}\n`);
    return 2;
  }
  const answers: { question: string; rows: Row[] }[] = [];
  for (const { name, question, run } of questions) {
    if (names.length > 0 && !names.includes(name)) continue;
    process.stderr.write(`${name}: ${question}\n`);
    answers.push({ question, rows: await run() });
  }
  process.stdout.write(`${machine()}\n\n${table(answers)}\n`);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
