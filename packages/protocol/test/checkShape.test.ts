import { expect, test } from '@jest/globals';
import { checkShape } from '../src/checkShape.js';
import { MAX_DEPTH, MAX_VALUES } from '../src/limits.js';

const nested = (levels: number): unknown => JSON.parse(`${'{"a":'.repeat(levels - 1)}[]${'}'.repeat(levels - 1)}`);

test.each([
  ['a word', 'word'],
  ['nothing', undefined],
  ['as deep as may be', nested(MAX_DEPTH)],
  ['as many values as may be', new Array(MAX_VALUES - 1).fill(null)],
  ['any number of bytes', [Buffer.alloc(MAX_VALUES * 2)]],
])('%s is of a size that can be dealt with', (_, message) => expect(() => checkShape(message, 'It')).not.toThrow());

test.each([
  ['too deep', nested(MAX_DEPTH + 1), `It is nested more than ${MAX_DEPTH} levels deep`],
  ['far too deep', nested(100_000), `It is nested more than ${MAX_DEPTH} levels deep`],
  ['too many values', new Array(MAX_VALUES).fill(null), `It holds more than ${MAX_VALUES} values`],
])('what is %s is refused by name', (_, message, text) =>
  expect(() => checkShape(message, 'It')).toThrow(expect.objectContaining({ code: 'INVALID_MESSAGE', message: text })),
);
