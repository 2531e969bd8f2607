const wide =
  /\p{Extended_Pictographic}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]/u;
const without = /\p{M}|[\u200b-\u200d]|[\ufe00-\ufe0f]/u;

const widthOf = (character: string): number => (without.test(character) ? 0 : wide.test(character) ? 2 : 1);

/** Text in exactly so many columns of a terminal: cut with an ellipsis, or filled up with spaces. What would move the cursor becomes a space. */
export function fitted(text: string, columns: number): string {
  const clean = text.replaceAll(/\p{Cc}+/gu, ' ');
  let shown = '';
  let width = 0;
  for (const character of clean) {
    const next = widthOf(character);
    if (width + next > columns) return columns <= 0 ? '' : `${cut(shown, columns - 1)}…`;
    shown += character;
    width += next;
  }
  return Number.isFinite(columns) ? shown + ' '.repeat(columns - width) : shown;
}

/** How many columns text takes. */
export const columnsOf = (text: string): number => [...text].reduce((sum, character) => sum + widthOf(character), 0);

/** As much of the text as these columns take, filled up. */
function cut(text: string, columns: number): string {
  let shown = '';
  let width = 0;
  for (const character of text) {
    if (width + widthOf(character) > columns) break;
    shown += character;
    width += widthOf(character);
  }
  return shown + ' '.repeat(columns - width);
}
