import Mustache from 'mustache';
import { renderText, type Values } from './renderText.js';

/** What stands for a value until it is known how the text around it is quoted. No command can hold it. */
const MARK = '\0';

/** The variable that brings a value to a command. */
export const variableOf = (name: string): string => `SKEP_VALUE_${name}`;

/** A line for the shell, what people are shown in its place, and the names of the values that it needs as variables. */
interface ShellText {
  command: string;
  shown: string;
  names: Set<string>;
}

/**
 * Fills a line for the shell. No value becomes part of it: a variable stands in its place, quoted as the text around it
 * asks, so nothing that is in a value can be read as a command. Were the quotes of a strange line misread, the worst would be
 * that a value falls into several words.
 */
export function shellText(template: string, values: Values): ShellText {
  // What is false or empty stands for itself, so that sections see it as it is.
  const marks = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ? `${MARK}${name}${MARK}` : value]));
  const parts = Mustache.render(template, marks, {}, { escape: String }).split(MARK);
  const names = new Set<string>();
  let quote = '';
  let command = '';
  for (const [index, part] of parts.entries()) {
    if (index % 2 === 0) {
      quote = quoteAfter(part, quote);
      command += part;
    } else {
      names.add(part);
      const variable = `$\{${variableOf(part)}}`;
      command += quote === '"' ? variable : quote === "'" ? `'"${variable}"'` : `"${variable}"`;
    }
  }
  return { command, shown: renderText(template, values), names };
}

/** The quote that is open behind a text; none is the empty one. */
function quoteAfter(text: string, before: string): string {
  let quote = before;
  for (let i = 0; i < text.length; i += 1) {
    const letter = text[i] ?? '';
    if (letter === '\\' && quote !== "'") i += 1;
    else if (quote === '' && (letter === '"' || letter === "'")) quote = letter;
    else if (letter === quote) quote = '';
  }
  return quote;
}
