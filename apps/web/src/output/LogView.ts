import { type DrawOptions, drawRow, keyOf, make } from './drawRow.js';
import type { OutputModel } from './OutputModel.js';
import { RowSelection } from './RowSelection.js';
import { StickyCommand } from './StickyCommand.js';
import { Viewport } from './Viewport.js';

/** While following a flood, it is drawn no more often than this. */
const FLOOD_MS = 100;
/** Rows that are drawn beyond what is seen. */
const MARGIN_ROWS = 12;

export interface LogViewOptions {
  model: OutputModel;
  draw: DrawOptions;
  isWrapped: boolean;
  /** A row that is not loaded is to be seen. */
  onAbsent(line: number): void;
  /** Following has begun or ended; `unseen` lines have come since. */
  onFollow(isFollowing: boolean, unseen: number): void;
  /** Somebody has chosen a line (from 0), or all lines to it from the one chosen before. */
  onChoose(line: number, isExtended: boolean): void;
  /** Somebody asked for more than can be copied. */
  onTooLong(): void;
}

/** Draws the rows of an output that are on screen, and no others. */
export class LogView {
  readonly #host: HTMLElement;
  readonly #options: LogViewOptions;
  readonly #spacer = make('div', 'spacer');
  readonly #lines = make('div', 'rows');
  readonly #sticky: StickyCommand;
  readonly #selection: RowSelection;
  readonly #viewport: Viewport;
  readonly #observer: ResizeObserver;
  readonly #listening = new AbortController();
  /** The drawn rows, and what each was drawn from. */
  readonly #drawn = new Map<number, { element: HTMLElement; key: string }>();
  readonly #heights = new Map<number, number>();
  #isFollowing = false;
  #wasScrolled = false;
  #seenRows = 0;
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #drawnAt = 0;
  #generation = 0;

  constructor(host: HTMLElement, options: LogViewOptions) {
    this.#host = host;
    this.#options = options;
    this.#viewport = new Viewport(host);
    this.#spacer.append(this.#lines);
    const { model, draw, onTooLong } = options;
    this.#sticky = new StickyCommand(model, draw);
    this.#selection = new RowSelection({ host, rows: this.#lines, model, onTooLong });
    host.replaceChildren(this.#sticky.element, this.#spacer);
    this.#viewport.isWrapped = options.isWrapped;
    host.classList.toggle('is-wrapped', options.isWrapped);
    this.#observer = new ResizeObserver(() => this.#resized());
    this.#observer.observe(host);
    const { signal } = this.#listening;
    host.addEventListener('scroll', () => this.#scrolled(), { passive: true, signal });
    host.addEventListener('click', (event) => this.#clicked(event), { signal });
    this.#measure();
  }

  get isFollowing(): boolean {
    return this.#isFollowing;
  }

  /** Whether somebody has scrolled since a row was last shown. */
  get wasScrolled(): boolean {
    return this.#wasScrolled;
  }

  /** The line (from 0) on top. */
  get topLine(): number {
    for (let index = Math.floor(this.#viewport.top); index < this.#viewport.rows; index += 1) {
      const row = this.#options.model.row(index);
      if (row?.kind === 'line' || row?.kind === 'absent') return row.line;
    }
    return 0;
  }

  /** The number of the command to which the row on top belongs. */
  get topCommand(): number | undefined {
    const row = this.#options.model.row(Math.ceil(this.#viewport.top));
    return row?.kind === 'command' ? row.command.num : row?.kind === 'line' ? row.command : undefined;
  }

  /** The model has more; drawn soon. */
  changed(): void {
    if (this.#frame !== 0 || this.#timer !== undefined) return;
    const early = this.#isFollowing ? FLOOD_MS - (performance.now() - this.#drawnAt) : 0;
    if (early > 0) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#soon();
      }, early);
    } else this.#soon();
  }

  /** How rows are drawn has changed. */
  redraw(): void {
    this.#generation += 1;
    this.#heights.clear();
    this.changed();
  }

  setWrapped(isWrapped: boolean): void {
    const { top } = this.#viewport;
    this.#viewport.isWrapped = isWrapped;
    this.#host.classList.toggle('is-wrapped', isWrapped);
    this.#host.scrollLeft = 0;
    this.redraw();
    this.#viewport.goTo(top);
  }

  follow(): void {
    this.#isFollowing = true;
    this.#update();
    this.#draw();
    this.#tellFollow();
  }

  /** Shows a row, a third from the top. */
  showRow(row: number): void {
    this.#isFollowing = false;
    this.#wasScrolled = false;
    this.#update();
    this.#viewport.goTo(row - Math.floor(this.#viewport.visible / 3));
    this.#draw();
    this.#tellFollow();
  }

  /** Opens or shuts a command; the row on top stays where it is. */
  fold(num: number, folded: boolean): void {
    const { model } = this.#options;
    const line = this.topLine;
    const isAbove = model.rowOfCommand(num) < this.#viewport.top;
    model.fold(num, folded);
    this.#generation += 1;
    this.#heights.clear();
    this.#update();
    if (isAbove) this.#viewport.goTo(folded ? model.rowOfCommand(num) : model.rowOfLine(line));
    this.#draw();
  }

  /** The next copy takes all there is. */
  selectAll(): void {
    this.#selection.selectAll();
  }

  close(): void {
    this.#listening.abort();
    this.#selection.close();
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#host.replaceChildren();
  }

  #soon(): void {
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#update();
      this.#draw();
      this.#tellFollow();
    });
  }

  /** Takes over how many rows there are by now. */
  #update(): void {
    const { rows } = this.#options.model;
    if (rows !== this.#viewport.rows) this.#host.style.setProperty('--number-chars', String(rows.toLocaleString().length));
    this.#viewport.rows = rows;
    this.#spacer.style.height = `${this.#viewport.height}px`;
    if (this.#isFollowing) this.#viewport.goToEnd();
  }

  #tellFollow(): void {
    const { rows } = this.#viewport;
    if (this.#isFollowing) this.#seenRows = rows;
    this.#options.onFollow(this.#isFollowing, Math.max(0, rows - this.#seenRows));
  }

  #scrolled(): void {
    const before = this.#viewport.top;
    this.#viewport.scrolled((row) => this.#heightOf(row));
    const { top, isAtEnd } = this.#viewport;
    if (top === before) return;
    this.#wasScrolled = true;
    if (top < before) this.#isFollowing = false;
    else if (isAtEnd) this.#isFollowing = true;
    this.#draw();
    this.#tellFollow();
  }

  #resized(): void {
    this.#measure();
    if (this.#viewport.isWrapped) this.#heights.clear();
    this.#update();
    this.#viewport.settle();
    this.#draw();
  }

  #measure(): void {
    const height = Number.parseFloat(getComputedStyle(this.#host).lineHeight);
    if (height > 0) this.#viewport.rowHeight = height;
    this.#host.style.setProperty('--seen-width', `${this.#host.clientWidth}px`);
  }

  /** The height of a row where it was drawn before, else a guess by its bytes. */
  #heightOf(index: number): number {
    const known = this.#heights.get(index);
    if (known !== undefined) return known;
    const row = this.#options.model.row(index);
    const columns = Math.max(20, Math.floor((this.#host.clientWidth - 90) / (this.#viewport.rowHeight * 0.4)));
    const bytes = row?.kind === 'line' ? row.endByte - row.firstByte : 0;
    return this.#viewport.rowHeight * Math.max(1, Math.ceil(bytes / columns));
  }

  #draw(): void {
    this.#drawnAt = performance.now();
    const { isWrapped, visible, rowHeight, rows } = this.#viewport;
    const endsAtEnd = isWrapped && this.#isFollowing;
    const first = Math.max(0, Math.floor(this.#viewport.top) - (isWrapped ? 0 : MARGIN_ROWS));
    const last = Math.min(rows, Math.ceil(this.#viewport.top + visible) + MARGIN_ROWS);
    this.#place(first, last);
    if (!isWrapped) this.#lines.style.transform = `translateY(${this.#host.scrollTop + (first - this.#viewport.top) * rowHeight}px)`;
    else this.#placeWrapped(first, last, endsAtEnd);
    this.#sticky.show(this.#viewport.top, this.#generation);
  }

  /** Makes the elements what the rows [first, last) are, keeping those that have not changed. */
  #place(first: number, last: number): void {
    const { model, draw, onAbsent } = this.#options;
    const pinned = this.#selection.ends();
    for (const [index, { element }] of this.#drawn) {
      if ((index >= first && index < last) || pinned.has(index)) continue;
      element.remove();
      this.#drawn.delete(index);
    }
    let after: ChildNode | null = this.#lines.firstChild;
    let absent: number | undefined;
    const indexes = [...pinned, ...Array.from({ length: Math.max(0, last - first) }, (_, each) => first + each)];
    for (const index of [...new Set(indexes)].sort((a, b) => a - b)) {
      const row = model.row(index);
      if (!row) continue;
      if (row.kind === 'absent') absent ??= row.line;
      const key = `${this.#generation}:${keyOf(row, draw)}`;
      const known = this.#drawn.get(index);
      let element = known?.element;
      if (!known || known.key !== key) {
        element = drawRow(model, row, draw);
        element.dataset.row = String(index);
        if (known) {
          if (after === known.element) after = element;
          known.element.replaceWith(element);
        }
        this.#drawn.set(index, { element, key });
      }
      if (!element) continue;
      element.classList.toggle('is-pinned', index < first || index >= last);
      if (after === element) after = element.nextSibling;
      else this.#lines.insertBefore(element, after);
    }
    if (absent !== undefined) onAbsent(absent);
  }

  /** Wrapped rows have the heights that they have: what is on top, or at the end, is put where it belongs. */
  #placeWrapped(first: number, last: number, endsAtEnd: boolean): void {
    for (let index = first; index < last; index += 1) {
      const height = this.#drawn.get(index)?.element.offsetHeight;
      if (height) this.#heights.set(index, height);
    }
    const { scrollTop, clientHeight } = this.#host;
    const total = this.#lines.offsetHeight;
    const fraction = this.#viewport.top - Math.floor(this.#viewport.top);
    const shift = endsAtEnd && total > clientHeight ? clientHeight - total : -fraction * this.#heightOf(first);
    this.#lines.style.transform = `translateY(${scrollTop + shift}px)`;
  }

  #clicked(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target : undefined;
    const fold = target?.closest<HTMLElement>('.fold');
    if (fold) {
      const num = Number(fold.dataset.command);
      this.fold(num, !this.#options.model.isFolded(num));
      // The row was drawn anew: the focus stays with its button.
      this.#host.querySelector<HTMLElement>(`.rows .fold[data-command="${num}"]`)?.focus();
      return;
    }
    const number = target?.closest('.number')?.getAttribute('href');
    if (!number) return;
    event.preventDefault();
    this.#options.onChoose(Number(number.slice(2)) - 1, event.shiftKey);
  }
}
