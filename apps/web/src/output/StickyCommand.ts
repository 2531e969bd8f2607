import { type DrawOptions, drawRow, keyOf, make } from './drawRow.js';
import type { OutputModel } from './OutputModel.js';

/** The command of the row on top, while its own row is above what is seen. */
export class StickyCommand {
  readonly element = make('div', 'sticky');
  readonly #model: OutputModel;
  readonly #draw: DrawOptions;
  #key = '';

  constructor(model: OutputModel, draw: DrawOptions) {
    this.#model = model;
    this.#draw = draw;
  }

  /** @param top the row on top; its fraction says how much of it is above. @param generation another whenever rows are drawn in another way */
  show(top: number, generation: number): void {
    const model = this.#model;
    const first = model.row(Math.floor(top + 0.01));
    const index = first?.kind === 'line' && first.command >= -1 ? model.rowOfCommand(first.command) : -1;
    const row = index >= 0 && index < top ? model.row(index) : undefined;
    const key = row ? `${generation}:${keyOf(row, this.#draw)}` : '';
    if (this.#key === key) return;
    this.#key = key;
    if (!row) {
      this.element.replaceChildren();
      return;
    }
    const drawn = drawRow(model, row, this.#draw);
    // It is there twice: this one is for the eye alone.
    drawn.setAttribute('aria-hidden', 'true');
    drawn.removeAttribute('role');
    drawn.removeAttribute('aria-level');
    for (const button of drawn.querySelectorAll('button')) button.tabIndex = -1;
    this.element.replaceChildren(drawn);
  }
}
