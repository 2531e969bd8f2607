import { describe, expect, test } from '@jest/globals';
import { MASK } from '@skep/protocol';
import fc from 'fast-check';
import { maskText, SecretMask, secretsOf } from '../../src/output/SecretMask.js';

const buffers = (secrets: string[]): Buffer[] => secrets.map((secret) => Buffer.from(secret));
const stream = (pieces: string[], secrets: string[]): string[] => {
  const mask = new SecretMask(buffers(secrets));
  return [...pieces.map((piece) => mask.feed(Buffer.from(piece)).toString()), mask.end().toString()];
};

describe('SecretMask', () => {
  test.each([
    ['a secret becomes the mask', ['token hunter2 here'], ['hunter2'], `token ${MASK} here`],
    ['twice in a row it is two masks', ['abcabc'], ['abc'], `${MASK}${MASK}`],
    ['a secret across borders is masked', ['tok', 'en hun', 'ter', '2!'], ['hunter2'], `token ${MASK}!`],
    ['the beginning of a secret that is none is shown', ['hunt', 'ing'], ['hunter2'], 'hunting'],
    ['the longer of two that begin alike is masked whole', ['abc', 'def'], ['abc', 'abcdef'], MASK],
    ['overlapping secrets become one mask', ['abcdef'], ['abcd', 'cdef'], MASK],
    ['a secret that repeats itself is masked to its end', ['aaaa', 'aaa', 'b'], ['aaa'], `${MASK}b`],
    ['the beginning of a secret at the end of all is shown', ['hunter'], ['hunter2'], 'hunter'],
  ])('%s', (_, pieces, secrets, shown) => {
    expect(stream(pieces, secrets).join('')).toBe(shown);
  });

  test('half a secret is never given out while more may come', () => {
    expect(stream(['key=hun', 'ter2\n'], ['hunter2'])).toEqual(['key=', `${MASK}\n`, '']);
  });

  test('without secrets the very same bytes are handed on', () => {
    const bytes = Buffer.from('abc');
    expect(new SecretMask([]).feed(bytes)).toBe(bytes);
  });

  test('split anywhere, what is shown is the same as in one piece, and holds no secret', () => {
    const Text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\n', 'é'), maxLength: 40 });
    const Secret = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é'), minLength: 3, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(Text, { maxLength: 8 }), fc.array(Secret, { minLength: 1, maxLength: 3 }), (pieces, secrets) => {
        const shown = stream(pieces, secrets).join('');
        expect(shown).toBe(maskText(pieces.join(''), buffers(secrets)));
        for (const secret of secrets) expect(shown).not.toContain(secret);
      }),
      { numRuns: 500 },
    );
  });
});

describe('secretsOf', () => {
  const texts = (job: Parameters<typeof secretsOf>[0]): string[] => secretsOf(job).map(String);

  test('finds what the configuration of plugins names as secret', () => {
    const config = {
      git: { url: 'https://hive.example', auth: { type: 'https', username: 'bee', password: 'honey' } },
      deploy: { app: 'hive', api_key: 'k-123', nested: [{ accessToken: 't-456' }] },
      custom: { test: 'make pass', key: 'not one' },
    };
    expect(texts({ config }).sort()).toEqual(['honey', 'k-123', 't-456']);
  });

  test('values shorter than three bytes are left alone, the longest come first', () => {
    expect(texts({ secrets: { A: '12', B: 'abc', C: 'abcdef' } })).toEqual(['abcdef', 'abc']);
  });

  test('a key is masked whole and line by line, but not its frame', () => {
    const key = '-----BEGIN KEY-----\nMIIBVgIBADANBg\n-----END KEY-----\n';
    expect(texts({ repo: { url: 'git@host:a/b', auth: { type: 'ssh', key } } })).toEqual([key, key.trim(), 'MIIBVgIBADANBg']);
  });

  test('credentials in an address and passwords as addresses have them are masked', () => {
    expect(texts({ repo: { url: 'https://me:p%40ss@host/x' } })).toEqual(['p%40ss', 'p@ss']);
    expect(texts({ repo: { url: 'https://ghp_token@host/x' } })).toEqual(['ghp_token']);
    expect(texts({ repo: { url: 'ssh://git@host/x' } })).toEqual([]);
    expect(texts({ repo: { url: 'https://host/x', auth: { type: 'https', username: 'me', password: 'a b c' } } })).toEqual([
      'a%20b%20c',
      'a b c',
    ]);
  });
});
