import { cpus, release, totalmem, type } from 'node:os';
import type { Row } from './Row.js';

const heads = ['question', 'figure', 'Skep', 'yardstick', 'ratio', 'goal', 'met?'];

/** All answers as one table, in Markdown that reads well as it is. */
export function table(answers: readonly { question: string; rows: readonly Row[] }[]): string {
  const lines = answers.flatMap(({ question, rows }) => rows.map((row, index) => [index === 0 ? question : '', ...cells(row)]));
  const widths = heads.map((head, column) => Math.max(head.length, ...lines.map((line) => line[column]?.length ?? 0)));
  const format = (line: readonly string[]): string => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [format(heads), format(widths.map((width) => '-'.repeat(width))), ...lines.map(format)].join('\n');
}

function cells({ figure, unit, skep, yardstick, goal }: Row): string[] {
  const value = yardstick?.value;
  const met = goal?.isMet(skep, value);
  return [
    figure,
    `${digits(skep)} ${unit}`,
    yardstick ? `${yardstick.name}: ${value === undefined ? 'missing' : `${digits(value)} ${unit}`}` : '',
    value === undefined ? '' : (skep / value).toFixed(2),
    goal?.text ?? '',
    goal ? (met === undefined ? 'unknown' : met ? 'yes' : 'NO') : '',
  ];
}

/** Three digits that count, or all before the point. */
const digits = (value: number): string =>
  Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));

/** The machine that the figures are of. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown CPU';
  return `${cpus().length} x ${model}, ${Math.round(totalmem() / 1024 ** 3)} GiB, ${type()} ${release()}, Node ${process.version}`;
}
