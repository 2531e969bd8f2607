import { issuesOf, type Job, jobTypeOf, SkepError } from '@skep/protocol';
import * as z from 'zod';
import type { LiveDrone } from './LiveDrone.js';

/** Larger schemas are not read. */
const MAX_SCHEMA_CHARS = 16 * 1024;
/** About as many characters a part of a schema has, at the least. */
const PART_CHARS = 8;
/** Parts of schemas times values of an input: a check beyond this would keep everybody else waiting, and is left to the drone. */
const MAX_STEPS = 2_000_000;

/** What a handler takes, as far as it can be said here; no schema if nothing can. */
interface InputCheck {
  readonly text: string;
  readonly schema: z.ZodType | undefined;
}

/** The checks that were made of what drones declared; they go with it. */
const checks = new WeakMap<object, InputCheck>();

/**
 * Refuses a task whose input no connected drone with its handler would take, going by the schemas that they have declared. A
 * drone that has declared none may take anything; where there is no such drone at all, nothing is refused.
 * @throws {SkepError} BAD_INPUT, with the issues that the first schema finds
 */
export function checkInput(job: Job, drones: Iterable<LiveDrone>): void {
  const { data } = job;
  // Whether a task may go without any input is more than these schemas say.
  if (data === undefined) return;
  const name = jobTypeOf(job);
  const tried = new Set<string>();
  let found: z.ZodError | undefined;
  let steps = 0;
  for (const drone of drones) {
    if (!drone.link || !drone.record.handlers.includes(name)) continue;
    const declared = Object.hasOwn(drone.inputs, name) ? drone.inputs[name] : undefined;
    const check = declared && checkOf(declared);
    if (!check?.schema) return;
    if (tried.has(check.text)) continue;
    tried.add(check.text);
    steps += (check.text.length / PART_CHARS) * valuesIn(data);
    if (steps > MAX_STEPS) return;
    const parsed = check.schema.safeParse(data);
    if (parsed.success) return;
    found ??= parsed.error;
  }
  if (!found) return;
  const issues = issuesOf(found).map(({ path, message }) => ({ path: path ? `data.${path}` : 'data', message }));
  throw new SkepError('BAD_INPUT', `The input of ${name} is not valid: ${issues[0]?.path}: ${issues[0]?.message}`, { issues });
}

/** How many values there are in one, itself counted. Its depth has its limit at the edge. */
const valuesIn = (value: unknown): number =>
  typeof value === 'object' && value !== null ? Object.values(value).reduce<number>((sum, each) => sum + valuesIn(each), 1) : 1;

function checkOf(declared: object): InputCheck {
  let check = checks.get(declared);
  if (!check) {
    const text = JSON.stringify(declared);
    check = { text, schema: text.length > MAX_SCHEMA_CHARS ? undefined : schemaOf(declared) };
    checks.set(declared, check);
  }
  return check;
}

const Count = z.number().int().min(0).optional().catch(undefined);
const Bound = z.number().optional().catch(undefined);
const Node = z.looseObject({
  type: z.string().optional().catch(undefined),
  enum: z.array(z.unknown()).optional().catch(undefined),
  anyOf: z.array(z.unknown()).min(1).optional().catch(undefined),
  oneOf: z.array(z.unknown()).min(1).optional().catch(undefined),
  properties: z.record(z.string(), z.unknown()).catch({}),
  required: z.array(z.string()).catch([]),
  additionalProperties: z.unknown().optional(),
  items: z.unknown().optional(),
  prefixItems: z.unknown().optional(),
  minItems: Count,
  maxItems: Count,
  minLength: Count,
  maxLength: Count,
  minimum: Bound,
  maximum: Bound,
  exclusiveMinimum: Bound,
  exclusiveMaximum: Bound,
});
type Node = z.infer<typeof Node>;

/**
 * What is known here of JSON Schema: types, properties, items, choices and bounds. All else allows anything, so that nothing
 * is refused here that a drone would take. Patterns are left out because a hostile one takes for ever, references
 * because circles of them do.
 */
function schemaOf(given: unknown): z.ZodType {
  const node = Node.safeParse(given).data;
  if (!node) return z.unknown();
  const choices = node.anyOf ?? node.oneOf;
  if (choices) return z.union(choices.map(schemaOf));
  if (node.enum) return enumOf(node.enum);
  if ('const' in node) return enumOf([node.const]);
  switch (node.type) {
    case 'string':
      return textOf(node);
    case 'number':
      return numberOf(z.number(), node);
    case 'integer':
      return numberOf(z.number().refine(Number.isInteger, 'Invalid input: expected int'), node);
    case 'boolean':
      return z.boolean();
    case 'null':
      return z.null();
    case 'array':
      return listOf(node);
    case 'object':
      return objectOf(node);
    default:
      return z.unknown();
  }
}

const isPlain = (value: unknown): value is string | number | boolean | null =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

const enumOf = (values: readonly unknown[]): z.ZodType =>
  values.length > 0 && values.every(isPlain) ? z.literal(values as [string, ...string[]]) : z.unknown();

function textOf({ minLength, maxLength }: Node): z.ZodType {
  let text = z.string();
  if (minLength !== undefined) text = text.min(minLength);
  if (maxLength !== undefined) text = text.max(maxLength);
  return text;
}

function numberOf(number: z.ZodNumber, { minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Node): z.ZodType {
  let bound = number;
  if (minimum !== undefined) bound = bound.min(minimum);
  if (maximum !== undefined) bound = bound.max(maximum);
  if (exclusiveMinimum !== undefined) bound = bound.gt(exclusiveMinimum);
  if (exclusiveMaximum !== undefined) bound = bound.lt(exclusiveMaximum);
  return bound;
}

function listOf({ items, prefixItems, minItems, maxItems }: Node): z.ZodType {
  // In a tuple `items` is what comes after its places.
  let list = z.array(prefixItems === undefined && items !== undefined ? schemaOf(items) : z.unknown());
  if (minItems !== undefined) list = list.min(minItems);
  if (maxItems !== undefined) list = list.max(maxItems);
  return list;
}

function objectOf({ properties, required, additionalProperties }: Node): z.ZodType {
  // By a map, not by an object: a hostile name must not reach a prototype.
  const fields = new Map(Object.entries(properties).map(([name, schema]) => [name, schemaOf(schema)]));
  const rest = typeof additionalProperties === 'object' ? schemaOf(additionalProperties) : undefined;
  const isClosed = additionalProperties === false;
  return z.record(z.string(), z.unknown()).check(({ value, issues }) => {
    const add = (path: string, message: string, input: unknown): number => issues.push({ code: 'custom', path: [path], message, input });
    for (const name of required) if (!Object.hasOwn(value, name)) add(name, 'Invalid input: it is required', undefined);
    for (const [name, each] of Object.entries(value)) {
      const schema = fields.get(name) ?? rest;
      if (!schema && isClosed) add(name, 'Unrecognized key', each);
      for (const issue of schema?.safeParse(each).error?.issues ?? [])
        issues.push({ code: 'custom', path: [name, ...issue.path], message: issue.message, input: each });
    }
  });
}
