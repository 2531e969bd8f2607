// Made of strings: control characters in a literal are taken for a mistake.
const SGR = '\\x1b\\[[\\d;:]*m';
const CSI = '\\x1b\\[[0-?]*[ -/]*(?:[@-~]|$)';
const OSC = '\\x1b\\][^\\x07\\x1b]*(?:\\x07|\\x1b\\\\|$)';
const ESCAPE = '\\x1b[ -/]*[0-Z\\\\^-~]?';
const OTHER = '[\\x00-\\x08\\x0b-\\x1f\\x7f]';

const sgr = new RegExp(SGR, 'g');
const control = new RegExp(`${OSC}|${CSI}|${ESCAPE}|${OTHER}`, 'g');
const otherControl = new RegExp(OTHER);

/**
 * What a terminal shows of lines: without escape sequences, and of a line that was written anew with carriage returns
 * only what was written last. Most hold nothing but text and colours, and are read all at once.
 * @param text the lines, with a line end between each two
 */
export function seenLines(text: string): string[] {
  const uncoloured = text.includes('\u001b') ? text.replace(sgr, '') : text;
  return otherControl.test(uncoloured) ? uncoloured.split('\n').map(seenText) : uncoloured.split('\n');
}

function seenText(line: string): string {
  const text = line.replace(/\r+$/, '');
  return text.slice(text.lastIndexOf('\r') + 1).replace(control, '');
}
