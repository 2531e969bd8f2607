/** The name of the schema that a JSON schema refers to. */
export const referred = ({ $ref }) => $ref.replace(/^.*[#/]/, '');

const code = (text) => `\`${text}\``;
const link = (name) => `[${name}](#${name.toLowerCase()})`;
/** Zod writes the safe integers where a schema names no bound of its own. */
const hasBound = (bound) => bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;

/** The bounds of a number, a length or a count, in parentheses; nothing where there are none. */
function bounds(low, high, unit = '') {
  const [from, to] = [low, high].map((bound) => (hasBound(bound) ? bound.toLocaleString('en') : undefined));
  if (from !== undefined && to !== undefined) return ` (${from} to ${to}${unit})`;
  if (from !== undefined) return ` (at least ${from}${unit})`;
  return to === undefined ? '' : ` (at most ${to}${unit})`;
}

function stringText({ minLength, maxLength, pattern }) {
  if (pattern) return `string matching ${code(pattern).replaceAll('|', '\\|')}`;
  return minLength === 1 && maxLength === undefined ? 'string, not empty' : `string${bounds(minLength, maxLength, ' characters')}`;
}

function arrayText({ items, prefixItems, maxItems }) {
  if (!prefixItems) return `array${bounds(undefined, maxItems)} of ${typeText(items ?? {})}`;
  return `[${prefixItems.map(typeText).join('; ')}${items === false ? '' : '; ...'}]`;
}

function objectText({ properties, required = [], additionalProperties }) {
  if (!properties) return `object of ${typeText(additionalProperties ?? {})}`;
  const fields = Object.entries(properties).map(
    ([name, field]) => `${code(name)}${required.includes(name) ? '' : '?'}: ${typeText(field)}`,
  );
  return `{${fields.join('; ')}}`;
}

const texts = {
  string: stringText,
  integer: ({ minimum, maximum }) => `integer${bounds(minimum, maximum)}`,
  number: ({ minimum, exclusiveMinimum, maximum }) =>
    `number${exclusiveMinimum === undefined ? '' : ` above ${exclusiveMinimum}`}${bounds(minimum, maximum)}`,
  boolean: () => 'boolean',
  null: () => 'null',
  array: arrayText,
  object: objectText,
};

/** A JSON schema in words, for a cell of a table. */
export function typeText(schema) {
  if (schema.$ref) return link(referred(schema));
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.enum?.includes('INTERNAL')) return 'a code of [errors.md](errors.md)';
  if (schema.enum) return schema.enum.map((value) => code(JSON.stringify(value))).join(' \\| ');
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeText({ ...schema, type })).join(' or ');
  const choices = schema.anyOf ?? schema.oneOf;
  // Bytes have no form in JSON: their schema is empty there.
  if (choices) return choices.map((choice) => (Object.keys(choice).length === 0 ? 'bytes' : typeText(choice))).join(' or ');
  return texts[schema.type]?.(schema) ?? 'anything';
}
