import { readFileSync } from 'node:fs';
import { attemptEventNotes, attemptEvents, CHUNK_BYTES, FRAME_EVENTS, PROTOCOL_VERSION } from '@skep/protocol';
import { z } from 'zod';
import { table } from '../../../scripts/lib/table.mjs';
import { callerExchange, exchangeText, packedExchange, plainExchange } from './exchanges.mjs';
import { callerNotes, droneNotes, otherNotes, queenToCallerNotes, queenToDroneNotes } from './notes.mjs';
import { schemaSection } from './schemaSection.mjs';
import { typeText } from './typeText.mjs';

/** It has a section of its own. */
const unlisted = ['Limits'];

const options = { unrepresentable: 'any', io: 'input' };
const named = z.toJSONSchema(z.globalRegistry, { ...options, uri: (id) => `#${id}` }).schemas;

const typeOf = (type) => (Object.hasOwn(named, type) ? `[${type}](#${type.toLowerCase()})` : type);
const inWords = (types) => types.split(' or ').map(typeOf).join(' or ');

function messages(notes) {
  const rows = Object.entries(notes).map(([name, { args, types, ack, meaning }]) => [
    `\`${[name, args].filter(Boolean).join(' ')}\``,
    types.map(inWords).join(', ') || 'none',
    ack ? inWords(ack) : 'none',
    meaning,
  ]);
  return table(['event and arguments', 'types', 'answer', 'meaning'], rows);
}

function attempts() {
  const rows = Object.entries(attemptEvents).map(([name, schema]) => {
    const { prefixItems = [], items } = z.toJSONSchema(schema, options);
    // A tuple says with an empty rest that more may follow, of any kind.
    const types = [...prefixItems.map(optional), ...(items === false || items === undefined ? [] : ['anything ...'])];
    const { args, meaning } = attemptEventNotes[name];
    return [`\`${name} ${args}\``, types.join(', '), meaning];
  });
  return table(['event and arguments', 'types', 'meaning'], rows);
}

/** An argument that may be left out may be null too; the `?` in the arguments says so already. */
const optional = (schema) => typeText(schema).replace(/ or null$/, '?');

const limits = () =>
  table(
    ['setting', 'default', 'meaning'],
    Object.entries(named.Limits.properties).map(([name, { default: value, description }]) => [
      `\`${name}\``,
      value.toLocaleString('en'),
      description,
    ]),
  );

const schemas = () =>
  Object.keys(named)
    .filter((name) => !unlisted.includes(name))
    .sort()
    .map((name) => schemaSection(name, named, name === 'AssignedJob' ? 'Job' : undefined))
    .join('\n\n');

const parts = {
  version: () => String(PROTOCOL_VERSION),
  chunkBytes: () => CHUNK_BYTES.toLocaleString('en'),
  frameEvents: () => FRAME_EVENTS.toLocaleString('en'),
  plainExchange: () => exchangeText(plainExchange, 'drone'),
  packedExchange: () => exchangeText(packedExchange, 'drone'),
  callerExchange: () => exchangeText(callerExchange, 'caller'),
  drone: () => messages(droneNotes),
  queenToDrone: () => messages({ ...queenToDroneNotes, 'error:invalid': otherNotes['error:invalid'] }),
  caller: () => messages(callerNotes),
  queenToCaller: () => messages({ ...queenToCallerNotes, ...otherNotes }),
  attemptEvents: attempts,
  limits,
  schemas,
};

/** The text of docs/protocol.md. */
export const protocolPage = () =>
  readFileSync(new URL('protocol.template.md', import.meta.url), 'utf8').replaceAll(/\{\{(\w+)\}\}/g, (_, part) => parts[part]());
