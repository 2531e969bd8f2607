import { stripVTControlCharacters } from 'node:util';

const LINE_END = 0x0a;
/** So much of a line is read at most: enough for what is shown, whatever colours stand between. */
const LINE_BYTES = 4096;
const SHOWN_CHARS = 200;

const controls = /\p{Cc}/gu;

/**
 * The last whole line that is not blank of a piece of output, as a terminal would show it at the end: what a carriage
 * return wrote over is left out, as are escape sequences; at most 200 characters.
 * @param before what the piece's first line began with
 */
export function shownLine(before: Uint8Array | undefined, bytes: Uint8Array): string | undefined {
  let end = bytes.lastIndexOf(LINE_END);
  while (end >= 0) {
    const start = end === 0 ? 0 : bytes.lastIndexOf(LINE_END, end - 1) + 1;
    const parts = [...(start === 0 && before ? [before] : []), bytes.subarray(start, end)];
    const line = plain(Buffer.concat(parts).subarray(0, LINE_BYTES).toString());
    if (line !== '') return line;
    end = start - 1;
  }
  return undefined;
}

function plain(text: string): string {
  const repaints = stripVTControlCharacters(text)
    .split('\r')
    .map((paint) => paint.replace(/\t/g, ' ').replace(controls, '').trimEnd());
  const shown = repaints.findLast((paint) => paint.trim() !== '') ?? '';
  // Cut between characters, not within one.
  return shown.length <= SHOWN_CHARS ? shown : shown.slice(0, SHOWN_CHARS).replace(/[\ud800-\udbff]$/, '');
}
