import { errorPattern, type OutputErrors } from '@skep/protocol';
import { quotedLines } from './copyText.js';
import type { DrawOptions, Times } from './drawRow.js';
import { Finder } from './Finder.js';
import { LogView } from './LogView.js';
import { hashOf, type LineRange, linesIn } from './lineLink.js';
import type { OutputLoader } from './OutputLoader.js';
import type { Query } from './Search.js';
import type { LinkSource } from './sourceLinks.js';

/** What the tools above the output show. A new object whenever something has changed. */
export interface OutputState {
  isFollowing: boolean;
  unseen: number;
  hits: number;
  /** The present hit, from 0; -1 if none. */
  hit: number;
  isSearching: boolean;
  errors: number;
  /** Lines that are loaded, and that are known to be there. */
  lines: number;
  knownLines: number;
  rows: number;
  load: OutputLoader['state'];
}

export interface ControllerOptions {
  host: HTMLElement;
  loader: OutputLoader;
  times: Times;
  isWrapped: boolean;
  startedAt: number | null;
  /** Where a line of a source file is read; undefined where nobody knows. */
  linkSource: LinkSource | undefined;
  onState(state: OutputState): void;
  onTooLong(): void;
}

/** Joins what is loaded, what is found and what is drawn; knows nothing of the tools that use it. */
export class Controller {
  readonly #options: ControllerOptions;
  readonly #view: LogView;
  readonly #draw: DrawOptions;
  readonly #finder: Finder;
  #hit = -1;
  #wantedStep: 1 | -1 | undefined;
  #linked: LineRange | undefined;
  #told = '';
  #follow = { isFollowing: false, unseen: 0 };
  /** What is to be shown once it is there. */
  #pending: 'link' | 'failure' | 'end' | undefined;
  /** Whether the first error is shown before all is there. */
  #isEarly = false;
  #finishedAt: number | null = null;
  #startedAt: number | null;

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#startedAt = options.startedAt;
    this.#draw = {
      times: options.times,
      startedAt: options.startedAt,
      mark: undefined,
      linked: undefined,
      current: undefined,
      error: errorPattern,
      linkSource: options.linkSource,
      hitsOf: (command) => this.#finder.hitsOf(command),
      totalMs: 0,
      now: Date.now(),
    };
    const { loader } = options;
    const { model } = loader;
    this.#finder = new Finder({
      model,
      ask: (query) => loader.search(query),
      isWhole: () => loader.state === 'there',
      onChange: () => this.#foundMore(),
    });
    this.#view = new LogView(options.host, {
      model,
      draw: this.#draw,
      isWrapped: options.isWrapped,
      onAbsent: (line) => void loader.showLine(line),
      onFollow: (isFollowing, unseen) => {
        this.#follow = { isFollowing, unseen };
        this.#tell();
      },
      onChoose: (line, isExtended) => this.#choose(line, isExtended),
      onTooLong: options.onTooLong,
    });
    this.#linked = linesIn(location.hash);
    this.#draw.linked = this.#linked;
  }

  /** Begins to show: the lines that the address names, else what failed, else the end if it grows. @param isDone whether no more will come */
  open(isDone: boolean): void {
    this.#pending = this.#linked ? 'link' : isDone ? 'failure' : 'end';
    if (this.#linked) void this.#options.loader.showLine(this.#linked.from);
    this.changed();
    if (this.#pending === 'end') this.follow();
  }

  /**
   * Takes over what the queen knows of errors in output that grows no more, of so many lines; the first one of the command
   * that failed is shown before all is there.
   */
  async takeErrors(asked: Promise<OutputErrors | undefined>, lines: number, failed: number | undefined): Promise<void> {
    const known = await this.#finder.takeErrors(asked, lines);
    const first = failed === undefined ? undefined : known?.commands[failed]?.first;
    if (first === undefined || this.#pending !== 'failure' || this.#view.wasScrolled) return;
    this.#isEarly = true;
    this.#draw.current = first - 1;
    this.#showLine(first - 1);
    this.#view.redraw();
  }

  /** The loader has more. */
  changed(): void {
    const now = Date.now();
    this.#draw.now = now;
    this.#draw.totalMs = this.#startedAt === null ? 0 : (this.#finishedAt ?? now) - this.#startedAt;
    this.#view.changed();
    this.#showPending();
    this.#finder.goOn();
    this.#tell();
  }

  /** When the attempt started and ended, Unix ms. */
  setTimesOfAttempt(startedAt: number | null, finishedAt: number | null): void {
    this.#startedAt = startedAt;
    this.#draw.startedAt = startedAt;
    this.#finishedAt = finishedAt;
    this.#view.redraw();
    this.changed();
  }

  setTimes(times: Times): void {
    this.#draw.times = times;
    this.#view.redraw();
  }

  /** Bytes of output that there are, as the queen says. */
  expectBytes(bytes: number): void {
    this.#finder.expectedBytes = bytes;
  }

  setLinkSource(linkSource: LinkSource | undefined): void {
    this.#draw.linkSource = linkSource;
    this.#view.redraw();
  }

  setWrapped(isWrapped: boolean): void {
    this.#view.setWrapped(isWrapped);
  }

  follow(): void {
    this.#pending = undefined;
    this.#view.follow();
  }

  toTop(): void {
    this.#pending = undefined;
    this.#view.showRow(0);
  }

  toLine(line: number): void {
    this.#setLinked({ from: line, to: line });
    this.#showLine(line);
  }

  selectAll(): void {
    this.#view.selectAll();
  }

  /** Searches for something else; for nothing if undefined. @throws {SyntaxError} of the regular expression */
  search(query: Query | undefined): void {
    this.#finder.look(query);
    this.#draw.mark = this.#finder.search?.pattern;
    this.#hit = -1;
    this.#wantedStep = undefined;
    this.#draw.current = undefined;
    this.#view.redraw();
    this.#tell();
  }

  /** Shows the next hit (1) or the one before (-1). */
  nextHit(step: 1 | -1): void {
    const { search } = this.#finder;
    // Asked for before anything was found: shown as soon as something is.
    this.#wantedStep = search && search.count === 0 ? step : undefined;
    if (!search || search.count === 0) return;
    if (this.#hit === -1) {
      const before = search.lastUpTo(this.#view.topLine - 1);
      this.#hit = step === 1 ? (before + 1) % search.count : Math.max(0, before);
    } else this.#hit = (this.#hit + step + search.count) % search.count;
    this.#draw.current = search.lineOf(this.#hit);
    this.#showLine(search.lineOf(this.#hit));
    this.#view.redraw();
    this.#tell();
  }

  nextError(step: 1 | -1): void {
    const { errors } = this.#finder;
    if (errors.count === 0) return;
    const from = this.#draw.current ?? this.#view.topLine;
    const at = step === 1 ? errors.lastUpTo(from) + 1 : errors.lastUpTo(from - 1);
    const line = errors.lineOf((at + errors.count) % errors.count);
    this.#draw.current = line;
    this.#showLine(line);
    this.#view.redraw();
  }

  nextCommand(step: 1 | -1): void {
    const { model } = this.#options.loader;
    const nums = [...model.commands.keys()];
    const at = nums.indexOf(this.#view.topCommand ?? nums[0] ?? 0);
    const next = nums[Math.max(0, Math.min(nums.length - 1, at + step))];
    if (next !== undefined) this.#view.showRow(model.rowOfCommand(next));
  }

  foldThis(): void {
    const num = this.#view.topCommand;
    if (num !== undefined) this.#view.fold(num, !this.#options.loader.model.isFolded(num));
  }

  foldAll(): void {
    const { model } = this.#options.loader;
    const areAllFolded = [...model.commands.keys()].every((num) => model.isFolded(num));
    for (const num of model.commands.keys()) this.#view.fold(num, !areAllFolded);
  }

  /** The address with the lines that are chosen, or the line on top. */
  link(): string {
    const range = this.#linked ?? { from: this.#view.topLine, to: this.#view.topLine };
    return `${location.origin}${location.pathname}${location.search}${hashOf(range)}`;
  }

  /** The lines that are chosen, or the line on top, as a quotation with the address they come from. */
  quoted(): string {
    const { from, to } = this.#linked ?? { from: this.#view.topLine, to: this.#view.topLine };
    return `${quotedLines(this.#options.loader.model, from, to)}\n\n${this.link()}\n`;
  }

  /** Where the hits are, or the errors, as shares of the whole, for marks beside the scroll bar; at most so many. */
  sharesOf(what: 'hits' | 'errors', max: number): number[] {
    const { model } = this.#options.loader;
    const search = what === 'hits' ? this.#finder.search : this.#finder.errors;
    if (!search || search.count === 0) return [];
    const step = Math.max(1, Math.floor(search.count / max));
    const shares: number[] = [];
    for (let hit = 0; hit < search.count; hit += step) shares.push(model.rowOfLine(search.lineOf(hit)) / Math.max(1, model.rows));
    return shares;
  }

  addressChanged(): void {
    const linked = linesIn(location.hash);
    if (!linked) return;
    this.#setLinked(linked);
    this.#showLine(linked.from);
  }

  close(): void {
    this.#finder.close();
    this.#view.close();
  }

  #choose(line: number, isExtended: boolean): void {
    const anchor = isExtended ? this.#linked : undefined;
    const range = anchor ? { from: Math.min(anchor.from, line), to: Math.max(anchor.to, line) } : { from: line, to: line };
    this.#setLinked(range);
    this.#view.changed();
  }

  #setLinked(range: LineRange): void {
    this.#linked = range;
    this.#draw.linked = range;
    history.replaceState(history.state, '', hashOf(range));
    this.#view.redraw();
  }

  /** Brings a line into sight, opening its command. */
  #showLine(line: number): void {
    const { loader } = this.#options;
    const command = loader.model.commandOfLine(line);
    if (command !== undefined && loader.model.isFolded(command)) this.#view.fold(command, false);
    if (line >= loader.model.main.lines) void loader.showLine(line);
    this.#view.showRow(loader.model.rowOfLine(line));
  }

  #showPending(): void {
    const { loader } = this.#options;
    if (this.#pending === 'link' && this.#linked && (loader.model.rows > this.#linked.from || loader.state === 'there')) {
      this.#showLine(this.#linked.from);
      // What comes before it is still to come, and moves it: it is shown again when all is there.
      if (loader.model.main.lines > this.#linked.to || loader.state === 'there') this.#pending = undefined;
    }
    if (this.#pending === 'failure' && loader.state === 'there') {
      this.#pending = undefined;
      // Who reads on elsewhere by now is left there.
      if (!this.#isEarly || !this.#view.wasScrolled) this.#openFailure();
    }
  }

  /** Shuts what went well, and goes to the first error of what did not. */
  #openFailure(): void {
    const { model } = this.#options.loader;
    const commands = [...model.commands.values()];
    const failed = commands.find(({ exitCode }) => exitCode !== null && exitCode !== 0);
    const kept = failed ?? commands.at(-1);
    for (const command of commands) if (command !== kept && command.exitCode === 0) this.#view.fold(command.num, true);
    if (!failed) return;
    const hit = this.#finder.firstErrorOf(failed.num);
    const last = model.linesOf(failed.num).at(-1);
    const line = hit ?? (last ? Math.max(last.from, last.to - 1) : undefined);
    this.#draw.current = hit;
    if (line === undefined) this.#view.showRow(model.rowOfCommand(failed.num));
    else this.#showLine(line);
    this.#view.redraw();
  }

  #foundMore(): void {
    if (this.#wantedStep !== undefined) this.nextHit(this.#wantedStep);
    this.#view.changed();
    this.#tell();
  }

  #tell(): void {
    const { loader, onState } = this.#options;
    const { model } = loader;
    const state: OutputState = {
      ...this.#follow,
      hits: this.#finder.search?.count ?? 0,
      hit: this.#hit,
      isSearching: this.#finder.isSearching,
      errors: this.#finder.errors.count,
      lines: model.main.lines,
      knownLines: model.knownLines,
      rows: model.rows,
      load: loader.state,
    };
    const text = JSON.stringify(state);
    if (text === this.#told) return;
    this.#told = text;
    onState(state);
  }
}
