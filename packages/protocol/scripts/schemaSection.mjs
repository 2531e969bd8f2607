import { table } from '../../../scripts/lib/table.mjs';
import { referred, typeText } from './typeText.mjs';

/**
 * The section of one schema: its name, its meaning, and its fields or its forms.
 * @param named all schemas by their names, for the meaning of fields that have none of their own
 * @param base the name of a schema of which this one has all fields
 */
export function schemaSection(name, named, base) {
  const schema = named[name];
  const inherited = base ? Object.keys(named[base].properties).filter((field) => !schema.required?.includes(field)) : [];
  const own = { ...schema, properties: schema.properties && omit(schema.properties, inherited) };
  return [
    `### ${name}`,
    schema.description,
    base && `All of [${base}](#${base.toLowerCase()}), and:`,
    own.properties ? fieldsTable(own, named) : forms(schema, named),
    schema.properties && schema.additionalProperties && 'Other fields may be there, and are handed on as they came.',
  ]
    .filter(Boolean)
    .join('\n\n');
}

const omit = (record, names) => Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));

const fieldsTable = (schema, named) => table(['field', 'type', 'meaning'], fieldRows(schema, named, ''));

/** A row for each field; the fields of an object within it follow it, under its name. */
function fieldRows({ properties, required = [] }, named, under) {
  return Object.entries(properties).flatMap(([name, field]) => {
    const { description, ...bare } = field;
    const path = `\`${under}${name}\`${required.includes(name) ? '' : '?'}`;
    if (bare.properties) return [[path, 'object', meaning(field, named)], ...fieldRows(bare, named, `${under}${name}.`)];
    return [[path, typeText(bare), meaning(field, named)]];
  });
}

/** What a field means, in its own words or in those of its type, and what holds where it is absent. */
function meaning(field, named) {
  const type = field.$ref ?? field.anyOf?.find(({ $ref }) => $ref)?.$ref;
  const text = field.description ?? (type && named[referred({ $ref: type })]?.description) ?? '';
  return field.default === undefined ? text : `${text} ${JSON.stringify(field.default)} if absent.`.trim();
}

/** The forms that a value may have; where a field tells them apart, it is their title. */
function forms(schema, named) {
  const choices = schema.anyOf ?? schema.oneOf;
  if (!choices) return `Type: ${typeText(schema)}`;
  return choices.map((form) => (form.properties ? objectForm(form, named) : `Form: ${typeText({ anyOf: [form] })}`)).join('\n\n');
}

function objectForm(form, named) {
  const [tag, { const: value } = {}] = Object.entries(form.properties).find(([, field]) => field.const !== undefined) ?? [];
  const rest = omit(form.properties, [tag]);
  const title = tag === undefined ? 'Form: an object with' : `\`${tag}: ${JSON.stringify(value)}\``;
  return Object.keys(rest).length === 0 ? title : `${title}\n\n${fieldsTable({ ...form, properties: rest }, named)}`;
}
