import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod';
import { checkInput } from '../../src/coordinator/inputCheck.js';
import type { LiveDrone } from '../../src/coordinator/LiveDrone.js';

const aDrone = (input?: unknown, handlers = ['task']): LiveDrone =>
  ({ link: {}, record: { handlers }, inputs: input === undefined ? {} : { task: input } }) as unknown as LiveDrone;
const check = (data: unknown, ...inputs: unknown[]): void =>
  checkInput(
    { job_type: 'task', data },
    inputs.map((input) => aDrone(input)),
  );
const width = { type: 'object', properties: { width: { type: 'integer', minimum: 1 } }, required: ['width'] };

test.each<[string, unknown, unknown, { path: string; message: string }[]]>([
  ['a wrong type', width, { width: 'x' }, [{ path: 'data.width', message: 'Invalid input: expected number, received string' }]],
  ['a missing property', width, {}, [{ path: 'data.width', message: 'Invalid input: it is required' }]],
  ['a number out of bounds', width, { width: 0 }, [{ path: 'data.width', message: 'Too small: expected number to be >=1' }]],
  ['a fraction', width, { width: 1.5 }, [{ path: 'data.width', message: 'Invalid input: expected int' }]],
  ['no object', width, [1], [{ path: 'data', message: 'Invalid input: expected record, received array' }]],
  ['another choice', { enum: ['a', 'b'] }, 'c', [{ path: 'data', message: 'Invalid option: expected one of "a"|"b"' }]],
  ['a key that is not known', { type: 'object', additionalProperties: false }, { a: 1 }, [{ path: 'data.a', message: 'Unrecognized key' }]],
  [
    'deep in a list',
    { type: 'array', items: width },
    [{ width: 1 }, {}],
    [{ path: 'data.1.width', message: 'Invalid input: it is required' }],
  ],
])('%s is refused by name', (_, schema, data, issues) =>
  expect(() => check(data, schema)).toThrow(expect.objectContaining({ code: 'BAD_INPUT', issues })),
);

test.each<[string, unknown[], unknown]>([
  ['nobody has declared anything', [undefined], 1],
  ['one of several takes it', [width, { type: 'string' }], 'x'],
  ['one has declared nothing', [width, undefined], 'x'],
  ['nobody has the handler', [], 'x'],
  ['there is no input at all', [width], undefined],
  ['the schema is none', ['x', 7, [], { type: 7 }, { anyOf: 'x' }].slice(3), 'x'],
  ['it says what is not known here', [{ not: {} }], 'x'],
  ['it has a pattern', [{ type: 'string', pattern: '^(a+)+$' }], 'b'],
  ['it refers to itself', [{ type: 'array', items: { $ref: '#' } }], [1]],
  ['it is very large', [{ enum: ['a', 'x'.repeat(20_000)] }], 'b'],
  [
    'checking it would take long',
    [{ type: 'array', items: { type: 'string', description: 'x'.repeat(10_000) } }],
    new Array(90_000).fill(1),
  ],
])('where %s, nothing is refused', (_, inputs, data) => expect(() => check(data, ...inputs)).not.toThrow());

test('hostile names reach no prototype', () => {
  const schema = JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"type":"number"}}}');
  expect(() => check({}, schema)).not.toThrow();
  expect(() => check({ constructor: 'x' }, schema)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  expect(() => checkInput({ job_type: 'toString', data: 1 }, [aDrone(width, ['toString'])])).not.toThrow();
});

test('whatever a schema takes, its JSON Schema does not refuse', () => {
  const schemas = [
    z.object({ a: z.number().int().optional(), b: z.array(z.string().min(1)).max(3), c: z.union([z.null(), z.boolean()]).optional() }),
    z.strictObject({ a: z.record(z.string(), z.number()), b: z.tuple([z.string(), z.number()]) }),
    z.discriminatedUnion('a', [z.object({ a: z.literal('x'), b: z.string() }), z.object({ a: z.literal(1) })]),
    z.array(z.union([z.number().positive(), z.enum(['x', 'y']), z.object({ a: z.unknown() })])).min(1),
    z.looseObject({ a: z.nullable(z.number().multipleOf(2)), b: z.unknown() }),
  ];
  const leaf = fc.constantFrom(null, true, 0, 1, 2, 1.5, -1, 'x', 'y', '', 'long');
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value')),
    ),
  }));
  fc.assert(
    fc.property(fc.constantFrom(...schemas), value, (schema, data) => {
      if (schema.safeParse(data).success) expect(() => check(data, z.toJSONSchema(schema, { io: 'input' }))).not.toThrow();
    }),
    { numRuns: 2000 },
  );
});
