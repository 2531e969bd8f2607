import type { Parameter, TemplateValue } from '@skep/protocol';
import { CliError } from './CliError.js';
import { EXIT } from './exitCodes.js';

/** The values that were given as `name=value`, each of the kind that its parameter has; the queen judges them. */
export function valuesOf(pairs: readonly string[], parameters: readonly Parameter[]): Record<string, TemplateValue> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new CliError(`--value ${pair} is not name=value`, undefined, '--value target=all', EXIT.usage);
      const [name, text] = [pair.slice(0, at), pair.slice(at + 1)];
      return [name, ofType(parameters.find((each) => each.name === name)?.type, text)];
    }),
  );
}

/** What is not of the kind stays text, which the queen refuses by name. */
function ofType(type: Parameter['type'], text: string): TemplateValue {
  if (type === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
