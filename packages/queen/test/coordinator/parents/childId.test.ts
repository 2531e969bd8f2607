import { expect, test } from '@jest/globals';
import { JobId } from '@skep/protocol';
import { childIdOf } from '../../../src/coordinator/parents/childId.js';

test('the id of a child is its parent and what tells it from its siblings', () =>
  expect(childIdOf('nightly@2026-11-24T01:30:00Z', ['debian-12', '20'])).toBe('nightly@2026-11-24T01:30:00Z~debian-12~20'));

test.each<[string, string, string[]]>([
  ['values that no id can hold', 'p', ['linux x64', 'a/b', 'ä']],
  ['a value that looks like two', 'p', ['a~b']],
  ['long values', 'p', ['x'.repeat(200)]],
  ['a long parent', 'p'.repeat(128), ['debian-12']],
])('of %s it is cut, and is still an id of its own', (_, parent, texts) => {
  const id = childIdOf(parent, texts);
  expect(JobId.parse(id)).toBe(id);
  expect(childIdOf(parent, texts)).toBe(id);
  const others = [
    childIdOf(parent, [...texts, '2']),
    childIdOf(
      parent,
      texts.map((text) => `${text}.`),
    ),
    childIdOf(`${parent.slice(1)}q`, texts),
  ];
  expect(new Set([id, ...others]).size).toBe(4);
});

test('cells whose values read alike have ids of their own', () =>
  expect(childIdOf('p', ['a~b', 'c'])).not.toBe(childIdOf('p', ['a', 'b~c'])));
