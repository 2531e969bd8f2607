import type { Phase } from '@skep/protocol';
import { LineStore, type OutputPiece, type Section } from './LineStore.js';
import type { TextStyle } from './TextStyle.js';
import { plainStyle } from './TextStyle.js';

/** A command as its row shows it. Times are Unix ms. */
export interface ShownCommand {
  readonly num: number;
  readonly text: string;
  readonly phase: Phase | null;
  readonly startedAt: number | null;
  finishedAt: number | null;
  exitCode: number | null;
  signal: string | null;
}

/** A part of the output from top to bottom: a command's row, or the lines of a section. */
type Entry = { kind: 'command'; command: number } | { kind: 'lines'; section: number };

/** A row: a command, or a line of output (counted from 0) within a section. */
export type Row =
  | { kind: 'command'; command: ShownCommand; isFolded: boolean }
  | { kind: 'line'; command: number; line: number; firstByte: number; endByte: number; style: TextStyle }
  /** A line that is not loaded yet. */
  | { kind: 'absent'; line: number };

/**
 * The output of one attempt as rows. What comes is appended to the main store; a place far ahead of it can be shown
 * before, from a second store, until the main one has come there.
 */
export class OutputModel {
  readonly main = new LineStore();
  readonly commands = new Map<number, ShownCommand>();
  readonly #entries: Entry[] = [];
  readonly #folded = new Set<number>();
  #ahead: LineStore | undefined;
  #totalLines = 0;
  #phase: Phase | null = null;
  /** For each entry, the rows before it; the last number is that of all. Undefined when it must be counted anew. */
  #starts: number[] | undefined;

  append(piece: OutputPiece): void {
    const sections = this.main.sections.length;
    this.main.append(piece);
    if (this.main.sections.length > sections) {
      if (!this.commands.has(piece.command)) this.startCommand(piece.command, piece.command < 0 ? '[initializing]' : '', null);
      const last = this.#entries.at(-1);
      const isNext = last?.kind === 'command' && last.command === piece.command;
      if (!isNext) this.#entries.push({ kind: 'command', command: piece.command });
      this.#entries.push({ kind: 'lines', section: sections });
    }
    if (this.#ahead && this.main.lines >= this.#ahead.lines) this.#ahead = undefined;
    this.#starts = undefined;
  }

  startPhase(phase: Phase): void {
    this.#phase = phase;
  }

  startCommand(num: number, text: string, at: number | null): void {
    this.commands.set(num, { num, text, phase: this.#phase, startedAt: at, finishedAt: null, exitCode: null, signal: null });
    this.#entries.push({ kind: 'command', command: num });
    this.#starts = undefined;
  }

  endCommand(num: number, exitCode: number, signal: string | null, at: number): void {
    const command = this.commands.get(num);
    if (command) Object.assign(command, { exitCode, signal, finishedAt: at });
  }

  /** How many lines there will be at least, as the queen says: those that are not loaded have rows already. */
  expectLines(lines: number): void {
    this.#totalLines = Math.max(this.#totalLines, lines);
  }

  /** Shows a place that the main store has not come to. */
  showAhead(store: LineStore): void {
    if (store.lines > this.main.lines) this.#ahead = store;
  }

  get rows(): number {
    return this.#counted().at(-1) ?? 0;
  }

  /** What stands in a row; undefined beyond the end. */
  row(index: number): Row | undefined {
    const starts = this.#counted();
    if (index < 0 || index >= this.rows) return undefined;
    const at = lastNotAbove(starts, index);
    const entry = this.#entries[at];
    if (!entry || index >= this.#loadedRows) return this.#aheadRow(this.main.lines + index - this.#loadedRows);
    if (entry.kind === 'command') {
      const command = this.commands.get(entry.command);
      return command && { kind: 'command', command, isFolded: this.#folded.has(command.num) };
    }
    const section = this.main.sections[entry.section];
    return section && this.#lineRow(section, index - (starts[at] ?? 0), this.#endOf(entry.section));
  }

  /** The row of a line (from 0); if its command is folded, that of the command. */
  rowOfLine(line: number): number {
    if (line >= this.main.lines) {
      const tail = this.#loadedRows - (this.#hasTail ? 1 : 0);
      return Math.max(0, Math.min(this.rows - 1, tail + line - this.main.lines));
    }
    const starts = this.#counted();
    const section = lastNotAbove(
      this.main.sections.map(({ firstLine }) => firstLine),
      line,
    );
    const entry = this.#entries.findIndex((each) => each.kind === 'lines' && each.section === section);
    if (entry === -1) return 0;
    const start = starts[entry] ?? 0;
    const first = this.main.sections[section];
    if (first && this.#folded.has(first.command)) return this.rowOfCommand(first.command);
    return start + line - (first?.firstLine ?? 0);
  }

  /** The row of a command; -1 if it has none. */
  rowOfCommand(num: number): number {
    const entry = this.#entries.findIndex((each) => each.kind === 'command' && each.command === num);
    return entry === -1 ? -1 : (this.#counted()[entry] ?? -1);
  }

  /** The number of the command whose line this is; undefined where that is not known yet. */
  commandOfLine(line: number): number | undefined {
    return this.main.sections.findLast(({ firstLine }) => firstLine <= line)?.command;
  }

  /** The lines that a command has written: [from, to) for each of its sections. */
  linesOf(num: number): { from: number; to: number }[] {
    return this.main.sections.flatMap((section, index) =>
      section.command === num ? [{ from: section.firstLine, to: section.firstLine + this.#rowsOf(index) }] : [],
    );
  }

  isFolded(num: number): boolean {
    return this.#folded.has(num);
  }

  fold(num: number, folded: boolean): void {
    if (folded) this.#folded.add(num);
    else this.#folded.delete(num);
    this.#starts = undefined;
  }

  /** Reads rows as if every command were open. */
  withAllOpen<T>(read: () => T): T {
    const folded = [...this.#folded];
    for (const num of folded) this.fold(num, false);
    try {
      return read();
    } finally {
      for (const num of folded) this.fold(num, true);
    }
  }

  /** The bytes of a row that is a line. */
  bytesOf(row: Extract<Row, { kind: 'line' }>): Uint8Array {
    return this.#storeOf(row.line).slice(row.firstByte, row.endByte);
  }

  /** When a row was begun (Unix ms), and by which of its command's outputs. */
  originOf(row: Extract<Row, { kind: 'line' }>): { at: number; stream: 'stdout' | 'stderr' } {
    return this.#storeOf(row.line).originOf(row.firstByte);
  }

  #storeOf(line: number): LineStore {
    return this.#ahead && line > this.main.lines ? this.#ahead : this.main;
  }

  #lineRow(section: Section, index: number, endByte: number): Row {
    const line = section.firstLine + index;
    const firstByte = Math.max(section.firstByte, this.main.startOfLine(line));
    const style = index === 0 ? plainStyle : this.main.styleOfLine(line);
    return { kind: 'line', command: section.command, line, firstByte, endByte: Math.min(endByte, this.main.startOfLine(line + 1)), style };
  }

  #aheadRow(line: number): Row {
    const ahead = this.#ahead;
    if (!ahead || line < ahead.firstLine || line >= ahead.lines) return { kind: 'absent', line };
    const command = ahead.sections.findLast(({ firstLine }) => firstLine <= line)?.command ?? 0;
    const firstByte = ahead.startOfLine(line);
    return { kind: 'line', command, line, firstByte, endByte: ahead.startOfLine(line + 1), style: ahead.styleOfLine(line) };
  }

  #endOf(section: number): number {
    return this.main.sections[section + 1]?.firstByte ?? this.main.bytes;
  }

  /** Lines of a section, and one more where it ends without a line end. */
  #rowsOf(index: number): number {
    const section = this.main.sections[index];
    if (!section) return 0;
    const endLine = this.main.sections[index + 1]?.firstLine ?? this.main.lines;
    const lastLineStart = Math.max(section.firstByte, this.main.startOfLine(endLine));
    return endLine - section.firstLine + (this.#endOf(index) > lastLineStart ? 1 : 0);
  }

  get #hasTail(): boolean {
    return this.main.bytes > this.main.startOfLine(this.main.lines);
  }

  get #loadedRows(): number {
    const starts = this.#counted();
    return starts[this.#entries.length] ?? 0;
  }

  /** One number more than there are entries for what is loaded, and another for all. */
  #counted(): number[] {
    if (this.#starts) return this.#starts;
    const starts = [0];
    let rows = 0;
    for (const entry of this.#entries) {
      if (entry.kind === 'command') rows += 1;
      else if (!this.#folded.has(this.main.sections[entry.section]?.command ?? 0)) rows += this.#rowsOf(entry.section);
      starts.push(rows);
    }
    const absent = Math.max(0, this.#totalLines - this.main.lines - (this.#hasTail ? 1 : 0));
    starts.push(rows + absent);
    this.#starts = starts;
    return starts;
  }
}

function lastNotAbove(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
