/** Taller than this, browsers lose precision or refuse (Firefox from 17.8 million px on): the scroll bar then stands for more than it has. */
const MAX_HEIGHT_PX = 8_000_000;

/** What is scrolled, as far as this needs it. */
export interface Scroller {
  scrollTop: number;
  readonly clientHeight: number;
}

/**
 * Which row is on top. Where all rows have one height and fit into an element, that is the scroll position divided by
 * it; else small movements move by as much as they say, and large ones, as of the scroll bar, to a part of the whole.
 */
export class Viewport {
  /** The row on top; its fraction says how much of it is above. */
  top = 0;
  rows = 0;
  rowHeight = 20;
  isWrapped = false;
  readonly #scroller: Scroller;
  #lastTop = 0;

  constructor(scroller: Scroller) {
    this.#scroller = scroller;
  }

  /** The height that the scrolled element has to have. */
  get height(): number {
    return Math.min(MAX_HEIGHT_PX, this.rows * this.rowHeight);
  }

  /** How many rows are seen at once, if none is wrapped. */
  get visible(): number {
    return this.#scroller.clientHeight / this.rowHeight;
  }

  get isAtEnd(): boolean {
    return this.top >= this.rows - this.visible - 1;
  }

  /** The scroller says that it has moved. @param heightOf the height of a row, or a guess at it, where rows are wrapped */
  scrolled(heightOf: (row: number) => number): void {
    const position = this.#scroller.scrollTop;
    const moved = position - this.#lastTop;
    this.#lastTop = position;
    if (moved === 0) return;
    if (this.#isExact) this.top = position / this.rowHeight;
    else if (position <= 0) this.top = 0;
    else if (position >= this.#maxPosition - 1) this.top = this.#maxTop;
    else if (Math.abs(moved) > this.#scroller.clientHeight * 2) this.top = (position / this.#maxPosition) * this.#maxTop;
    else this.top = this.#movedBy(moved, heightOf);
  }

  /** Brings a row to the top. */
  goTo(row: number): void {
    this.top = Math.max(0, Math.min(row, this.#maxTop));
    this.settle();
  }

  goToEnd(): void {
    this.goTo(this.#maxTop);
  }

  /** Puts the scroll bar where the row on top says. */
  settle(): void {
    const { top } = this;
    const share = this.#maxTop > 0 ? Math.min(1, top / this.#maxTop) : 0;
    const position = this.#isExact ? top * this.rowHeight : share * this.#maxPosition;
    if (Math.abs(position - this.#scroller.scrollTop) >= 1) this.#scroller.scrollTop = position;
    this.#lastTop = this.#scroller.scrollTop;
  }

  get #isExact(): boolean {
    return !this.isWrapped && this.rows * this.rowHeight <= MAX_HEIGHT_PX;
  }

  get #maxTop(): number {
    return Math.max(0, this.rows - this.visible);
  }

  get #maxPosition(): number {
    return Math.max(0, this.height - this.#scroller.clientHeight);
  }

  #movedBy(px: number, heightOf: (row: number) => number): number {
    if (!this.isWrapped) return Math.max(0, Math.min(this.#maxTop, this.top + px / this.rowHeight));
    let row = Math.floor(this.top);
    let rest = (this.top - row) * heightOf(row) + px;
    while (rest < 0 && row > 0) {
      row -= 1;
      rest += heightOf(row);
    }
    while (row < this.rows - 1 && rest >= heightOf(row)) {
      rest -= heightOf(row);
      row += 1;
    }
    return Math.max(0, row + Math.min(0.999, Math.max(0, rest / heightOf(row))));
  }
}
