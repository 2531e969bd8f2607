import { describe, expect, test } from '@jest/globals';
import { DrainBody, JobsQuery, Limits, OutputQuery, TokenBody } from '@skep/protocol';

describe('a query as it comes in an address', () => {
  test.each([
    ['no job filter', JobsQuery, {}, { limit: 50 }],
    [
      'all job filters',
      JobsQuery,
      { status: 'active', outcome: 'failed', project: 'p', drone: 'd', before: 'x', limit: '7' },
      { limit: 7 },
    ],
    ['no output query', OutputQuery, {}, { format: 'text', follow: false }],
    ['a bare follow', OutputQuery, { follow: '' }, { follow: true }],
    ['follow=0', OutputQuery, { follow: '0' }, { follow: false }],
    ['numbers', OutputQuery, { attempt: '2', cursor: '0', command: '-1' }, { attempt: 2, cursor: 0, command: -1 }],
    ['ranges', OutputQuery, { lines: '1-10', bytes: '5-' }, { lines: '1-10', bytes: '5-' }],
  ])('is understood: %s', (_, schema, query, meaning) => expect(schema.parse(query)).toMatchObject(meaning));

  test.each([
    ['an unknown status', JobsQuery, { status: 'sleeping' }],
    ['a page of nothing', JobsQuery, { limit: '0' }],
    ['a page that is too long', JobsQuery, { limit: '501' }],
    ['a limit in words', JobsQuery, { limit: 'all' }],
    ['a range without a start', OutputQuery, { lines: '-5' }],
    ['a range that is a number', OutputQuery, { bytes: '5' }],
    ['a negative cursor', OutputQuery, { cursor: '-1' }],
    ['an unknown format', OutputQuery, { format: 'xml' }],
    ['follow=perhaps', OutputQuery, { follow: 'perhaps' }],
    ['an unknown stream', OutputQuery, { stream: 'stdlog' }],
  ])('is refused: %s', (_, schema, query) => expect(schema.safeParse(query).success).toBe(false));
});

describe('a body', () => {
  test.each([
    ['a drain without a reason', DrainBody, {}],
    ['a token for drones', TokenBody, { name: 'ci', scope: 'drone' }],
  ])('is taken: %s', (_, schema, body) => expect(schema.parse(body)).toEqual(body));

  test.each([
    ['a drain for a reason that is a number', DrainBody, { reason: 7 }],
    ['a token without a name', TokenBody, { name: '', scope: 'admin' }],
    ['a token of an unknown scope', TokenBody, { name: 'ci', scope: 'root' }],
  ])('is refused: %s', (_, schema, body) => expect(schema.safeParse(body).success).toBe(false));
});

test('every limit has a default', () => expect(Object.values(Limits.parse({})).every((value) => value > 0)).toBe(true));
