import type { OutputGap, Phase } from '@skep/protocol';
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

/** A part of the output from top to bottom: a command's row, the lines of a section, or a place where something is missing. */
type Entry = { kind: 'command'; command: number } | { kind: 'lines'; section: number } | { kind: 'gap'; gap: OutputGap };

/** What is shown, and where: for each entry the rows before it; the last number is that of all. */
interface Layout {
  /** Sections in which something is missing come in parts; `from` is the part's first row within its section. */
  entries: (Entry & { from: number })[];
  starts: number[];
  /** The rows of what is loaded. */
  loaded: number;
}

/** A row: a command, a line of output (counted from 0) within a section, or a word that something is missing there. */
export type Row =
  | { kind: 'command'; command: ShownCommand; isFolded: boolean }
  | { kind: 'gap'; gap: OutputGap }
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
  /** Where something is missing and no line says so. */
  #gaps: readonly OutputGap[] = [];
  /** The lines (from 0) by which the drone says that it left something out. */
  #cuts = new Map<number, OutputGap>();
  /** Undefined when it must be found anew. */
  #layout: Layout | undefined;

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
    this.#layout = undefined;
  }

  startPhase(phase: Phase): void {
    this.#phase = phase;
  }

  startCommand(num: number, text: string, at: number | null): void {
    this.commands.set(num, { num, text, phase: this.#phase, startedAt: at, finishedAt: null, exitCode: null, signal: null });
    this.#entries.push({ kind: 'command', command: num });
    this.#layout = undefined;
  }

  endCommand(num: number, exitCode: number, signal: string | null, at: number): void {
    const command = this.commands.get(num);
    if (command) Object.assign(command, { exitCode, signal, finishedAt: at });
  }

  /** How many lines there will be at least, as the queen says: those that are not loaded have rows already. */
  expectLines(lines: number): void {
    this.#totalLines = Math.max(this.#totalLines, lines);
  }

  /** How many lines are known to be there, loaded or not. */
  get knownLines(): number {
    return Math.max(this.#totalLines, this.main.lines, this.#ahead?.lines ?? 0);
  }

  /** Shows a place that the main store has not come to. */
  showAhead(store: LineStore): void {
    if (store.lines > this.main.lines) this.#ahead = store;
  }

  /** Says where output is missing. */
  setGaps(gaps: readonly OutputGap[]): void {
    this.#gaps = gaps.filter(({ cut }) => cut === undefined);
    this.#cuts = new Map(gaps.filter(({ cut }) => cut !== undefined).map((gap) => [gap.firstLine, gap]));
    this.#layout = undefined;
  }

  /** What was left out where this line (from 0) stands; undefined if it is a line as any other. */
  cutAt(line: number): OutputGap | undefined {
    return this.#cuts.get(line);
  }

  get rows(): number {
    return this.#laidOut().starts.at(-1) ?? 0;
  }

  /** What stands in a row; undefined beyond the end. */
  row(index: number): Row | undefined {
    const { entries, starts, loaded } = this.#laidOut();
    if (index < 0 || index >= this.rows) return undefined;
    const at = lastNotAbove(starts, index);
    const entry = entries[at];
    if (!entry || index >= loaded) return this.#aheadRow(this.main.lines + index - loaded);
    if (entry.kind === 'gap') return entry;
    if (entry.kind === 'command') {
      const command = this.commands.get(entry.command);
      return command && { kind: 'command', command, isFolded: this.#folded.has(command.num) };
    }
    const section = this.main.sections[entry.section];
    return section && this.#lineRow(section, entry.from + index - (starts[at] ?? 0), this.#endOf(entry.section));
  }

  /** The row of a line (from 0); if its command is folded, that of the command. */
  rowOfLine(line: number): number {
    const { entries, starts, loaded } = this.#laidOut();
    const absent = line - this.main.lines - (this.#hasTail ? 1 : 0);
    if (absent >= 0) return Math.max(0, Math.min(this.rows - 1, loaded + absent));
    const index = lastNotAbove(
      this.main.sections.map(({ firstLine }) => firstLine),
      line,
    );
    const section = this.main.sections[index];
    if (!section) return 0;
    if (this.#folded.has(section.command)) return this.rowOfCommand(section.command);
    const row = line - section.firstLine;
    const at = entries.findLastIndex((each) => each.kind === 'lines' && each.section === index && each.from <= row);
    return at === -1 ? 0 : (starts[at] ?? 0) + row - (entries[at]?.from ?? 0);
  }

  /** The row of a command; -1 if it has none. */
  rowOfCommand(num: number): number {
    const { entries, starts } = this.#laidOut();
    const at = entries.findIndex((each) => each.kind === 'command' && each.command === num);
    return at === -1 ? -1 : (starts[at] ?? -1);
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
    this.#layout = undefined;
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

  #laidOut(): Layout {
    this.#layout ??= this.#layOut();
    return this.#layout;
  }

  #layOut(): Layout {
    const entries: Layout['entries'] = [];
    const starts = [0];
    let rows = 0;
    const add = (entry: Entry, from: number, count: number): void => {
      entries.push({ ...entry, from });
      rows += count;
      starts.push(rows);
    };
    const { bytes } = this.main;
    const gaps = this.#gaps.filter(({ firstByte }) => firstByte <= bytes);
    const addGap = (gap: OutputGap): void => add({ kind: 'gap', gap }, 0, 1);
    for (const gap of gaps) if (gap.firstByte === 0) addGap(gap);
    for (const entry of this.#entries) {
      if (entry.kind !== 'lines') {
        add(entry, 0, 1);
        continue;
      }
      const section = this.main.sections[entry.section];
      if (!section) continue;
      const isFolded = this.#folded.has(section.command);
      const end = this.#endOf(entry.section);
      let from = 0;
      const addLines = (to: number): void => {
        if (!isFolded && to > from) add(entry, from, to - from);
        from = to;
      };
      for (const gap of gaps) {
        if (gap.firstByte <= section.firstByte || gap.firstByte > end) continue;
        // A line that goes on behind the gap stays one row; the gap stands below it.
        const isInLine = gap.firstByte > this.main.startOfLine(gap.firstLine);
        addLines(gap.firstLine - section.firstLine + (isInLine ? 1 : 0));
        addGap(gap);
      }
      addLines(this.#rowsOf(entry.section));
    }
    const absent = Math.max(0, this.#totalLines - this.main.lines - (this.#hasTail ? 1 : 0));
    starts.push(rows + absent);
    return { entries, starts, loaded: rows };
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
