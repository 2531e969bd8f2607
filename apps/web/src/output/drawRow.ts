import { clockTime, elapsed, span } from '../words.js';
import { gapWords } from './gapWords.js';
import type { OutputModel, Row, ShownCommand } from './OutputModel.js';
import { readLine, type Segment } from './readLine.js';
import type { LinkSource } from './sourceLinks.js';
import { BOLD, cssColor, DIM, HIDDEN, INVERSE, ITALIC, STRIKE, UNDERLINE } from './TextStyle.js';

/** Which times stand before the lines. */
export type Times = 'off' | 'elapsed' | 'local' | 'utc';

export interface DrawOptions {
  times: Times;
  /** When the attempt started; elapsed times count from it. */
  startedAt: number | null;
  /** What is marked in the lines. */
  mark: RegExp | undefined;
  /** Lines (from 0) that the address points at. */
  linked: { from: number; to: number } | undefined;
  /** The line (from 0) of the present hit. */
  current: number | undefined;
  /** What tells of an error: such lines are marked. */
  error: RegExp;
  /** Where places in source files lead; undefined where nobody knows. */
  linkSource: LinkSource | undefined;
  /** Hits in a command's output; undefined while nothing is searched. */
  hitsOf(command: number): number | undefined;
  /** How long the attempt took so far, in ms: commands have shares of it. */
  totalMs: number;
  now: number;
}

/** The element of a row. */
export function drawRow(model: OutputModel, row: Row, options: DrawOptions): HTMLElement {
  const element = make('div', 'row');
  if (row.kind === 'absent') {
    element.append(lineNumber(row.line), make('span', 'text', '…'));
    element.classList.add('is-absent');
  } else if (row.kind === 'gap') {
    element.append(make('span', 'number'), make('span', 'text', gapWords(row.gap)));
    element.classList.add('is-gap');
  } else if (row.kind === 'command') drawCommand(element, row.command, row.isFolded, model, options);
  else drawLine(element, row, model, options);
  return element;
}

/** All that a row is drawn from, but how: a row with another key has to be drawn again. */
export function keyOf(row: Row, { linked, current, now }: DrawOptions): string {
  if (row.kind === 'absent') return `absent ${row.line}`;
  if (row.kind === 'gap') return `gap ${row.gap.firstByte} ${row.gap.why}`;
  if (row.kind === 'command') {
    const { num, exitCode, finishedAt } = row.command;
    return `command ${num} ${exitCode} ${row.isFolded} ${finishedAt ?? Math.floor(now / 1000)}`;
  }
  const isLinked = linked !== undefined && row.line >= linked.from && row.line <= linked.to;
  return `line ${row.firstByte} ${row.endByte} ${isLinked} ${row.line === current}`;
}

type LineRow = Extract<Row, { kind: 'line' }>;

function drawLine(element: HTMLElement, row: LineRow, model: OutputModel, options: DrawOptions): void {
  const { linked, mark, times } = options;
  const { at, stream } = model.originOf(row);
  const { segments, repaints, cut } = readLine(model.bytesOf(row), row.style, options.linkSource);
  element.classList.toggle('is-stderr', stream === 'stderr');
  element.classList.toggle('is-linked', linked !== undefined && row.line >= linked.from && row.line <= linked.to);
  element.classList.toggle('is-current', row.line === options.current);
  element.append(lineNumber(row.line));
  if (times !== 'off') element.append(make('span', 'time', timeOf(at, options)));
  const text = make('span', 'text');
  for (const segment of segments) text.append(drawSegment(segment));
  if (mark) markMatches(text, mark);
  element.append(text);
  element.classList.toggle('is-error', options.error.test(text.textContent));
  const gap = model.cutAt(row.line);
  element.classList.toggle('is-gap', gap !== undefined);
  if (gap) element.append(make('span', 'note', gapWords(gap)));
  if (repaints > 0) element.append(make('span', 'note', `${repaints} ${repaints === 1 ? 'repaint' : 'repaints'}`));
  if (cut > 0) element.append(make('span', 'note', `${cut.toLocaleString()} more characters in the raw output`));
}

function lineNumber(line: number): HTMLElement {
  const link = make('a', 'number', (line + 1).toLocaleString());
  link.setAttribute('href', `#L${line + 1}`);
  link.tabIndex = -1;
  link.setAttribute('aria-label', `Line ${line + 1}`);
  return link;
}

function timeOf(at: number, { times, startedAt }: DrawOptions): string {
  if (times === 'elapsed') return elapsed(at - (startedAt ?? at));
  return clockTime(at, times === 'utc');
}

function drawCommand(element: HTMLElement, command: ShownCommand, isFolded: boolean, model: OutputModel, options: DrawOptions): void {
  const isRunning = command.finishedAt === null && command.startedAt !== null;
  const hasFailed = command.exitCode !== null && command.exitCode !== 0;
  element.classList.add('is-command');
  element.classList.toggle('has-failed', hasFailed);
  element.setAttribute('role', 'heading');
  element.setAttribute('aria-level', '3');
  const button = make('button', 'fold');
  button.setAttribute('type', 'button');
  button.setAttribute('aria-expanded', String(!isFolded));
  button.dataset.command = String(command.num);
  button.append(make('span', 'arrow', isFolded ? '▸' : '▾'), make('span', 'what', commandText(command)));
  const end = make('span', 'end', endWords(command, isRunning));
  const took = command.startedAt === null ? undefined : (command.finishedAt ?? options.now) - command.startedAt;
  const share = took !== undefined && options.totalMs > 0 ? `${Math.round((100 * took) / options.totalMs)} %` : '';
  const lines = model.linesOf(command.num).reduce((sum, { from, to }) => sum + to - from, 0);
  const hits = options.hitsOf(command.num);
  element.append(button);
  if (hits !== undefined) element.append(make('span', 'hits', `${hits.toLocaleString()} found`));
  element.append(
    end,
    make('span', 'took', took === undefined ? '' : span(took)),
    make('span', 'share', isRunning ? '' : share),
    make('span', 'lines', `${lines.toLocaleString()} ${lines === 1 ? 'line' : 'lines'}`),
  );
}

/** A command as a person would type it. */
export const commandText = ({ text, num }: Pick<ShownCommand, 'text' | 'num'>): string => (num < 0 ? text : `$ ${text.split('\n', 1)[0]}`);

function endWords({ exitCode, signal }: ShownCommand, isRunning: boolean): string {
  if (isRunning) return 'running';
  if (exitCode === null) return '';
  if (signal) return `✗ ${signal}`;
  return exitCode === 0 ? '✓ ok' : `✗ exit ${exitCode}`;
}

function drawSegment({ text, style, href }: Segment): Node {
  const { foreground, background, flags } = style;
  if (foreground === null && background === null && flags === 0 && href === undefined) return document.createTextNode(text);
  const element = make(href === undefined ? 'span' : 'a', '', text);
  if (href !== undefined) {
    element.setAttribute('href', href);
    element.setAttribute('rel', 'noreferrer noopener');
    element.setAttribute('target', '_blank');
  }
  const isInverse = (flags & INVERSE) !== 0;
  setColor(element, 'fg', isInverse ? background : foreground);
  setColor(element, 'bg', isInverse ? foreground : background);
  if (isInverse) element.classList.add('sgr-inverse');
  for (const [bit, name] of flagNames) if ((flags & bit) !== 0) element.classList.add(name);
  return element;
}

const flagNames: readonly [number, string][] = [
  [BOLD, 'sgr-bold'],
  [DIM, 'sgr-dim'],
  [ITALIC, 'sgr-italic'],
  [UNDERLINE, 'sgr-underline'],
  [HIDDEN, 'sgr-hidden'],
  [STRIKE, 'sgr-strike'],
];

function setColor(element: HTMLElement, kind: 'fg' | 'bg', color: number | null): void {
  if (color === null) return;
  const css = cssColor(color);
  if (css === undefined) element.classList.add(`${kind}-${color}`);
  else if (kind === 'fg') element.style.color = css;
  else element.style.backgroundColor = css;
}

/** Puts each match in a `mark`; one that lies across styles is marked in parts. */
function markMatches(text: HTMLElement, pattern: RegExp): void {
  const whole = text.textContent ?? '';
  const ranges = [...whole.matchAll(new RegExp(pattern, `${pattern.flags.replace('g', '')}g`))]
    .filter(([match]) => match !== '')
    .slice(0, 200)
    .map((match) => ({ from: match.index, to: match.index + match[0].length }));
  if (ranges.length === 0) return;
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const nodes: Text[] = [];
  while (walker.nextNode()) nodes.push(walker.currentNode as Text);
  let at = 0;
  for (const node of nodes) {
    const { data } = node;
    const parts: (Node | string)[] = [];
    let from = 0;
    for (const range of ranges) {
      const begin = Math.max(from, range.from - at);
      const end = Math.min(data.length, range.to - at);
      if (end <= begin || begin >= data.length) continue;
      parts.push(data.slice(from, begin), make('mark', '', data.slice(begin, end)));
      from = end;
    }
    at += data.length;
    if (parts.length > 0) node.replaceWith(...parts, data.slice(from));
  }
}

export function make(tag: string, className = '', text?: string): HTMLElement {
  const element = document.createElement(tag);
  if (className !== '') element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}
