import { type Cell, Job, type Parameter, parseAs, type TemplateBody, type TemplateValue } from '@skep/protocol';
import { renderText, type Values } from './renderText.js';
import { shellText, variableOf } from './shellText.js';
import { valuesOf } from './valuesOf.js';

type Spec = Pick<TemplateBody, 'job' | 'parameters'>;

/** The phases whose commands a shell may read. */
const commandPhases = ['prepare', 'test', 'deploy', 'cleanup'];

/**
 * The job that a template is with these values. Each string is filled by itself, so that no value reaches beyond it, and
 * lines for the shell get theirs as variables.
 * @throws {SkepError} INVALID_VALUES where they do not fit the parameters, INVALID_JOB where what comes out is no job
 */
export function fillTemplate({ job, parameters = [] }: Spec, given: Values): Job {
  const values = valuesOf(parameters, given);
  const needed = new Set<string>();

  function fill(value: unknown, path: readonly string[]): unknown {
    if (typeof value === 'string') return isLine(path) ? line(value) : fillText(value, values);
    if (Array.isArray(value)) return value.map((each, i) => fill(each, [...path, String(i)]));
    if (typeof value !== 'object' || value === null) return value;
    const others = { ...(value as Record<string, unknown>) };
    const { command } = others;
    if (!isLine(path) || typeof command !== 'string' || 'args' in others || others.shell === false) return fillAll(others, path);
    delete others.command;
    const made = line(command);
    return { ...(typeof made === 'string' ? { command: made } : made), ...fillAll(others, path) };
  }

  const fillAll = (object: Record<string, unknown>, path: readonly string[]): Record<string, unknown> =>
    Object.fromEntries(Object.entries(object).map(([key, each]) => [key, fill(each, [...path, key])]));

  function line(text: string): string | { command: string; screencmd: string } {
    const { command, shown, names } = shellText(text, values);
    for (const name of names) needed.add(name);
    return names.size === 0 ? command : { command, screencmd: shown };
  }

  const filled = fillAll(job, []);
  const variables = Object.fromEntries([...needed].map((name) => [variableOf(name), String(values[name])]));
  if (needed.size > 0) filled.env = { ...(filled.env as object | undefined), ...variables };
  return parseAs(Job, filled, 'The filled template', 'INVALID_JOB');
}

/** The values that a cell gives to parameters, by their names, each of the kind that its parameter has where it can be. */
export const cellValuesOf = (parameters: readonly Parameter[], cell: Cell): Values =>
  Object.fromEntries(
    parameters.flatMap(({ name, type = 'string' }) => {
      const value = cell[name];
      return value === undefined ? [] : [[name, ofType(type, value)]];
    }),
  );

function ofType(type: Parameter['type'], value: TemplateValue): TemplateValue {
  if (type === 'string') return String(value);
  if (typeof value !== 'string') return value;
  if (type === 'number' && value.trim() !== '' && Number.isFinite(Number(value))) return Number(value);
  return type === 'boolean' && (value === 'true' || value === 'false') ? value === 'true' : value;
}

/** Whether something at this place is a command: `phases.test.0`. */
const isLine = (path: readonly string[]): boolean => path.length === 3 && path[0] === 'phases' && commandPhases.includes(path[1] ?? '');

/** A string that is nothing but one value becomes that value, so that numbers stay numbers. */
function fillText(text: string, values: Values): unknown {
  const name = /^\{\{\s*(\w+)\s*\}\}$/.exec(text)?.[1];
  return name !== undefined && Object.hasOwn(values, name) ? values[name] : renderText(text, values);
}
