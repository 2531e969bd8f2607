import type { When, WhenProblem } from '@skep/protocol';
import { cronOf } from './cronOf.js';

const fieldNames = ['minute', 'hour', 'day of the month', 'month', 'day of the week'];
const nicknames = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

/** What is wrong with when a schedule is to run, and where in it; undefined if nothing is. */
export function whenProblem(when: When): WhenProblem | undefined {
  const { zone = 'UTC' } = when;
  if (!isZone(zone))
    return { field: 'zone', message: `There is no time zone ${zone}; one is called as in Europe/Vienna`, from: 0, length: zone.length };
  return 'cron' in when ? cronProblem(when.cron) : undefined;
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function cronProblem(cron: string): WhenProblem | undefined {
  const problem = (message: string, from: number, length: number): WhenProblem => ({ field: 'cron', message, from, length });
  const fields = [...cron.matchAll(/\S+/g)];
  const first = fields[0]?.[0] ?? '';
  if (first.startsWith('@')) {
    if (fields.length === 1 && nicknames.includes(first.toLowerCase())) return undefined;
    return problem(`${first} is none of ${nicknames.join(', ')}`, fields[0]?.index ?? 0, first.length);
  }
  const extra = fields[fieldNames.length];
  if (extra) return problem(`There are ${fields.length} fields; five are wanted: ${fieldNames.join(', ')}`, extra.index, extra[0].length);
  for (const [place, field] of fields.entries()) {
    const alone = fieldNames.map((_, i) => (i === place ? field[0] : '*')).join(' ');
    const fault = faultOf(alone);
    if (fault !== undefined) return problem(`In the ${fieldNames[place]} ${field[0]}: ${fault}`, field.index, field[0].length);
  }
  const missing = fieldNames.slice(fields.length);
  if (missing.length > 0) return problem(`The ${missing.join(', the ')} ${missing.length > 1 ? 'are' : 'is'} missing`, cron.length, 0);
  const fault = faultOf(cron);
  if (fault !== undefined) return problem(fault, 0, cron.length);
  const never = cronOf(cron, 'UTC').nextRun(new Date(0)) === null;
  return never ? problem('No such day ever comes', 0, cron.length) : undefined;
}

/** What the parser says of an expression, without its own name in front. */
function faultOf(expression: string): string | undefined {
  try {
    cronOf(expression, 'UTC');
    return undefined;
  } catch (error) {
    const words = (error as Error).message.replace(/^\w+: /, '');
    return words.replace(/^configuration entry \d+ \(.*?\) contains/, 'it contains').replace(/^\w/, (letter) => letter.toLowerCase());
  }
}
