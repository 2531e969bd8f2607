import fc from 'fast-check';
import type { z } from 'zod';

/** Values in place of what a schema says, such as names of jobs that there are. Decides by the schema itself or by its description. */
export type Instead = (schema: z.ZodType) => fc.Arbitrary<unknown> | undefined;

interface Definition {
  type: string;
  shape?: Record<string, z.ZodType>;
  catchall?: z.ZodType;
  items?: z.ZodType[];
  rest?: z.ZodType | null;
  options?: z.ZodType[];
  values?: unknown[];
  entries?: Record<string, string>;
  element?: z.ZodType;
  keyType?: z.ZodType;
  valueType?: z.ZodType;
  innerType?: z.ZodType;
  in?: z.ZodType;
}

/** One condition of a schema, as zod keeps it. */
interface Check {
  check: string;
  value?: number;
  inclusive?: boolean;
  minimum?: number;
  maximum?: number;
  pattern?: RegExp;
}

const checksOf = (schema: z.ZodType): Check[] => (schema._zod.def.checks ?? []).map((check) => check._zod.def as unknown as Check);

/** Values that a schema takes, as large as a test can bear. @throws for a kind of schema that the protocol does not use yet */
export function arbitraryOf(schema: z.ZodType, instead: Instead = () => undefined): fc.Arbitrary<unknown> {
  const replaced = instead(schema);
  if (replaced) return replaced;
  const of = (inner: z.ZodType | undefined): fc.Arbitrary<unknown> => (inner ? arbitraryOf(inner, instead) : fc.constant(undefined));
  const definition = schema._zod.def as unknown as Definition;
  switch (definition.type) {
    case 'string':
      return strings(checksOf(schema));
    case 'number':
      return numbers(schema);
    case 'boolean':
      return fc.boolean();
    case 'unknown':
      return fc.jsonValue({ maxDepth: 3 });
    case 'literal':
      return fc.constantFrom(...(definition.values ?? []));
    case 'enum':
      return fc.constantFrom(...Object.values(definition.entries ?? {}));
    case 'object':
      return objects(definition, of);
    case 'record':
      return fc.dictionary(of(definition.keyType) as fc.Arbitrary<string>, of(definition.valueType), { maxKeys: 3 });
    case 'array':
      return fc.array(of(definition.element), { maxLength: 3 });
    case 'tuple':
      return fc
        .tuple(
          fc.tuple(...(definition.items ?? []).map(of)),
          definition.rest ? fc.array(of(definition.rest), { maxLength: 2 }) : fc.constant([]),
        )
        .map(([items, rest]) => withoutTrailingGaps([...items, ...rest]));
    case 'union':
      return fc.oneof(...(definition.options ?? []).map(of));
    case 'optional':
    case 'default':
      return fc.option(of(definition.innerType), { nil: undefined });
    case 'nullable':
      return fc.option(of(definition.innerType));
    case 'pipe':
      return of(definition.in);
    case 'custom':
      return fc.uint8Array({ maxLength: 64 });
    default:
      throw new Error(`No values are known for a schema of type ${definition.type}`);
  }
}

function strings(checks: Check[]): fc.Arbitrary<string> {
  const pattern = checks.find((check) => check.pattern)?.pattern;
  if (pattern) return fc.stringMatching(pattern, { size: 'small' });
  const minLength = checks.find((check) => check.check === 'min_length')?.minimum ?? 0;
  const maxLength = Math.min(checks.find((check) => check.check === 'max_length')?.maximum ?? 20, 20);
  return fc.string({ minLength, maxLength, unit: 'binary' });
}

function numbers(schema: z.ZodType): fc.Arbitrary<number> {
  const edges = checksOf(schema).flatMap(({ value }) => (value === undefined ? [] : [value]));
  const fitting = [...edges, 0, 1, 2, 10, 1000, 1.5, -1, Number.MAX_SAFE_INTEGER].filter((value) => schema.safeParse(value).success);
  return fc.constantFrom(...fitting);
}

function objects({ shape = {}, catchall }: Definition, of: (inner: z.ZodType) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const known = fc.record(Object.fromEntries(Object.entries(shape).map(([key, inner]) => [key, of(inner)])));
  if (catchall?._zod.def.type !== 'unknown') return known.map(withoutGaps);
  const more = fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 });
  return fc.tuple(more, known).map(([extra, given]) => ({ ...extra, ...withoutGaps(given) }));
}

const withoutGaps = (value: object): object => Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));

/** Arguments may be left out only at the end; JSON turns a gap before it into null. */
function withoutTrailingGaps(values: unknown[]): unknown[] {
  const end = values.findLastIndex((value) => value !== undefined);
  return values.slice(0, end + 1);
}
