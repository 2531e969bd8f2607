import { selectedText } from './copyText.js';
import type { OutputModel } from './OutputModel.js';

/** A copy of more than this would stop the page for too long. */
const MAX_COPY_BYTES = 10_000_000;

export interface RowSelectionOptions {
  /** What is scrolled, and in it what holds the rows that are drawn. */
  host: HTMLElement;
  rows: HTMLElement;
  model: OutputModel;
  /** Somebody asked for more than can be copied. */
  onTooLong(): void;
}

/** What is selected of an output: a copy is made of what is stored, as most rows are not drawn. */
export class RowSelection {
  readonly #options: RowSelectionOptions;
  readonly #listening = new AbortController();
  #isAll = false;

  constructor(options: RowSelectionOptions) {
    this.#options = options;
    const { signal } = this.#listening;
    options.host.addEventListener('pointerdown', () => this.#setAll(false), { signal });
    document.addEventListener('copy', (event) => this.#copied(event), { signal });
  }

  /** The next copy takes all there is. */
  selectAll(): void {
    this.#setAll(true);
    getSelection()?.selectAllChildren(this.#options.rows);
  }

  /** The rows in which it begins and ends: they stay, or the selection would be lost. */
  ends(): Set<number> {
    const selection = getSelection();
    const rows = new Set<number>();
    if (!selection || selection.isCollapsed) return rows;
    for (const node of [selection.anchorNode, selection.focusNode]) {
      const row = this.#rowAround(node);
      if (row !== undefined) rows.add(row);
    }
    return rows;
  }

  close(): void {
    this.#listening.abort();
  }

  #setAll(isAll: boolean): void {
    this.#isAll = isAll;
    this.#options.host.classList.toggle('is-all-selected', isAll);
  }

  #rowAround(node: Node | null): number | undefined {
    const element = node instanceof Element ? node : node?.parentElement;
    const row = element?.closest<HTMLElement>('.row');
    return row && this.#options.rows.contains(row) ? Number(row.dataset.row) : undefined;
  }

  #copied(event: ClipboardEvent): void {
    const { host, model, onTooLong } = this.#options;
    const selection = getSelection();
    if (!selection || !event.clipboardData || !selection.anchorNode || !host.contains(selection.anchorNode)) return;
    if (this.#isAll && model.main.bytes > MAX_COPY_BYTES) {
      event.preventDefault();
      onTooLong();
      return;
    }
    const text = selectedText(model, selection, this.#isAll);
    if (text === undefined) return;
    event.clipboardData.setData('text/plain', text);
    event.preventDefault();
  }
}
