/** What a badge says, and in which colour. */
const colours = { passing: '#176b34', failing: '#b3211c', running: '#1a56b8', unknown: '#5f5a51' };

/** Pixels of a character of 11 px, roughly; the text is fitted to the width that follows from it. */
const CHAR = 6.6;
const PAD = 8;
const HEIGHT = 20;
/** Longer names are cut. */
const MAX_CHARS = 60;

/** A badge as SVG, of a project (and branch) and how it stands; with a title for those who do not see it. */
export function badgeOf(label: string, word: keyof typeof colours): string {
  const shown = label.length > MAX_CHARS ? `${label.slice(0, MAX_CHARS - 1)}…` : label;
  const [left, right] = [shown, word].map((text) => Math.ceil([...text].length * CHAR + 2 * PAD)) as [number, number];
  const title = escaped(`${label}: ${word}`);
  const text = (content: string, x: number, width: number): string =>
    `<text x="${x + PAD}" y="14" textLength="${width - 2 * PAD}" lengthAdjust="spacingAndGlyphs">${escaped(content)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="${HEIGHT}" role="img" aria-label="${title}"><title>${title}</title><clipPath id="c"><rect width="${left + right}" height="${HEIGHT}" rx="3"/></clipPath><g clip-path="url(#c)"><rect width="${left}" height="${HEIGHT}" fill="#3a3731"/><rect x="${left}" width="${right}" height="${HEIGHT}" fill="${colours[word]}"/></g><g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">${text(shown, 0, left)}${text(word, left, right)}</g></svg>`;
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as it may stand in XML: what XML cannot hold is left out. */
const escaped = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what XML does not hold
  text.replace(/[\u0000-\u001f\ufffe\uffff]|\p{Surrogate}/gu, ' ').replace(/[&<>"]/g, (each) => escapes[each] ?? '');
