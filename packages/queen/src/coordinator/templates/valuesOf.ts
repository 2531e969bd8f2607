import { type Issue, nearest, type Parameter, SkepError, type TemplateValue } from '@skep/protocol';
import type { Values } from './renderText.js';

/** The values of all parameters: those that were given, else the defaults. @throws {SkepError} INVALID_VALUES */
export function valuesOf(parameters: readonly Parameter[], given: Values): Values {
  const names = parameters.map(({ name }) => name);
  const issues: Issue[] = [];
  for (const name of Object.keys(given)) {
    const near = nearest(name, names);
    const meant = near === undefined ? '' : `; did you mean ${near}?`;
    if (!names.includes(name)) issues.push({ path: `values.${name}`, message: `is no parameter of this template${meant}` });
  }
  const values: Record<string, TemplateValue> = {};
  for (const parameter of parameters) {
    const value = Object.hasOwn(given, parameter.name) ? given[parameter.name] : parameter.default;
    const fault = value === undefined ? 'must be given: it has no default' : faultOf(parameter, value);
    if (fault !== undefined) issues.push({ path: `values.${parameter.name}`, message: fault });
    else if (value !== undefined) values[parameter.name] = value;
  }
  const [first] = issues;
  if (first) throw new SkepError('INVALID_VALUES', `The values are not right: ${first.path} ${first.message}`, { issues });
  return values;
}

/** What is wrong with a value of a parameter; undefined if nothing is. */
export function faultOf({ type = 'string', options }: Parameter, value: TemplateValue): string | undefined {
  if (typeof value !== type) return `must be a ${type}, not ${JSON.stringify(value).slice(0, 100)}`;
  if (typeof value === 'string' && value.includes('\0')) return 'must not hold a null character';
  if (options && !options.includes(String(value))) return `must be one of ${options.join(', ')}`;
  return undefined;
}
