import * as z from 'zod';

/** A larger schema is not told: the queen would not take it. */
const MAX_SCHEMA_CHARS = 16 * 1024;

/**
 * What a schema takes, as JSON Schema, for the queen to check submissions by. It may allow more than the schema itself, never
 * less: what becomes something else before it is checked, or has no JSON Schema, is left open.
 * @returns undefined if there is nothing to tell
 */
export function inputSchemaOf(schema: z.ZodType | undefined): Record<string, unknown> | undefined {
  if (!schema) return undefined;
  try {
    const { $schema: _, ...json } = z.toJSONSchema(schema, {
      io: 'input',
      unrepresentable: 'any',
      override: ({ zodSchema, jsonSchema }) => {
        if (changesFirst(zodSchema)) for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
      },
    }) as Record<string, unknown>;
    return Object.keys(json).length === 0 || JSON.stringify(json).length > MAX_SCHEMA_CHARS ? undefined : json;
  } catch {
    // A schema of another zod, or one that has no end. The drone checks by the schema itself.
    return undefined;
  }
}

/** Whether it takes more than what it checks for: coerced values, anything at all, or text that it changes first. */
function changesFirst({ _zod: { def } }: z.core.$ZodTypes): boolean {
  if (def.type === 'pipe') return def.in._zod.def.type === 'transform';
  const { type, coerce = false, checks = [] } = def as { type: string; coerce?: boolean; checks?: readonly z.core.$ZodCheck[] };
  return coerce || type === 'catch' || checks.some(({ _zod }) => (_zod.def as { check: string }).check === 'overwrite');
}
