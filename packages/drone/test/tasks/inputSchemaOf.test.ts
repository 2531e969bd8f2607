import { expect, test } from '@jest/globals';
import * as z from 'zod';
import { inputSchemaOf } from '../../src/tasks/inputSchemaOf.js';

test.each<[string, z.ZodType]>([
  ['what is coerced', z.object({ a: z.coerce.number() })],
  ['what is coerced and may be absent', z.object({ a: z.coerce.number().optional() })],
  ['what is coerced and has a default', z.object({ a: z.coerce.number().default(1) })],
  ['what takes anything in the end', z.object({ a: z.number().catch(1) })],
  ['what is trimmed before it is measured', z.object({ a: z.string().trim().max(3) })],
  ['what has no JSON Schema', z.object({ a: z.date() })],
  ['what is made something else first', z.object({ a: z.preprocess(String, z.string()) })],
])('%s is left open', (_, schema) =>
  expect(inputSchemaOf(schema)?.properties).toMatchObject({ a: expect.not.objectContaining({ type: expect.anything() }) }),
);

test('what has a default may be left out', () =>
  expect(inputSchemaOf(z.object({ a: z.number().default(1), b: z.string() }))).toMatchObject({ required: ['b'] }));

test.each<[string, z.ZodType | undefined]>([
  ['nothing', undefined],
  ['anything', z.unknown()],
  ['very much', z.enum(Array.from({ length: 5000 }, (_, n) => `value ${n}`) as [string])],
])('of %s nothing is told', (_, schema) => expect(inputSchemaOf(schema)).toBeUndefined());
