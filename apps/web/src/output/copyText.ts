import { commandText } from './drawRow.js';
import { gapWords } from './gapWords.js';
import type { OutputModel } from './OutputModel.js';
import { textOfLine } from './readLine.js';

/** Who quotes more than that does not mean it to be read. */
const MAX_QUOTED_LINES = 1000;

/** Where a selection begins or ends: a row, and how many characters of its text come before. */
interface Place {
  row: number;
  offset: number;
}

/** The text of a selection, also of rows between its ends that are not drawn; undefined if it is not in the rows. */
export function selectedText(model: OutputModel, selection: Selection, isAll: boolean): string | undefined {
  if (isAll)
    return model.withAllOpen(() => textBetween(model, { row: 0, offset: 0 }, { row: model.rows - 1, offset: Number.POSITIVE_INFINITY }));
  const anchor = placeOf(selection.anchorNode, selection.anchorOffset);
  const focus = placeOf(selection.focusNode, selection.focusOffset);
  if (!anchor || !focus) return undefined;
  const isForward = anchor.row < focus.row || (anchor.row === focus.row && anchor.offset <= focus.offset);
  return isForward ? textBetween(model, anchor, focus) : textBetween(model, focus, anchor);
}

/** Lines (from 0, both included) as a quotation: each behind a `>`. Those that are not loaded are left out. */
export function quotedLines(model: OutputModel, from: number, to: number): string {
  const last = Math.min(to, from + MAX_QUOTED_LINES - 1);
  return model.withAllOpen(() =>
    Array.from({ length: last - from + 1 }, (_, index) => textOfRow(model, model.rowOfLine(from + index)))
      .filter((text) => text !== undefined)
      .map((text) => `> ${text}`)
      .join('\n'),
  );
}

function textBetween(model: OutputModel, from: Place, to: Place): string {
  const lines: string[] = [];
  for (let row = from.row; row <= to.row; row += 1) {
    const text = textOfRow(model, row);
    if (text !== undefined) lines.push(text.slice(row === from.row ? from.offset : 0, row === to.row ? to.offset : undefined));
  }
  return lines.join('\n');
}

/** A row as text; undefined if it is not loaded. */
function textOfRow(model: OutputModel, index: number): string | undefined {
  const row = model.row(index);
  if (row?.kind === 'command') return commandText(row.command);
  if (row?.kind === 'gap') return `[skep: ${gapWords(row.gap)}]`;
  return row?.kind === 'line' ? textOfLine(model.bytesOf(row)) : undefined;
}

function placeOf(node: Node | null, offset: number): Place | undefined {
  const element = node instanceof Element ? node : node?.parentElement;
  const row = element?.closest<HTMLElement>('.row');
  if (!node || row?.dataset.row === undefined) return undefined;
  const text = row.querySelector('.text, .what');
  const index = Number(row.dataset.row);
  if (!text) return { row: index, offset: 0 };
  const before = document.createRange();
  before.setStart(text, 0);
  // Where it begins or ends beside the text, as in the number, that is before or after all of it.
  if (before.comparePoint(node, offset) < 0) return { row: index, offset: 0 };
  before.setEnd(node, offset);
  return { row: index, offset: Math.min(before.toString().length, text.textContent?.length ?? 0) };
}
