import { expect, test } from '@jest/globals';
import { linkSourceOf, sourcesIn } from '../../src/output/sourceLinks.js';

const named = (text: string): string[] =>
  sourcesIn(text, (path, line) => `${path} ${line}`).map(({ from, to, href }) => `${text.slice(from, to)} -> ${href}`);

test.each([
  ['src/store.c:214:9: error', ['src/store.c:214:9 -> src/store.c 214']],
  ['  at run (./lib/run.test.ts:7:1)', ['./lib/run.test.ts:7:1 -> lib/run.test.ts 7']],
  ['main.go:3 and util/a-b.go:4', ['main.go:3 -> main.go 3', 'util/a-b.go:4 -> util/a-b.go 4']],
  ['/usr/include/stdio.h:10', []],
  ['../up/a.c:10', []],
  ['12:30:15 done, localhost:8080, 1.5:2', []],
  ['http://host.example:80/x', []],
])('%j names these places', (text, places) => expect(named(text)).toEqual(places));

const id = { branch: 'main', id: 'abc' };
test.each([
  [{ url: 'https://github.com/acme/web.git' }, id, 'https://github.com/acme/web/blob/abc/a%20b/c.ts#L7'],
  [
    { url: 'git@gitlab.example.org:acme/web.git' },
    { branch: 'feature/x' },
    'https://gitlab.example.org/acme/web/-/blob/feature/x/a%20b/c.ts#L7',
  ],
  [
    { url: 'ssh://git@code.example.org:22/acme/web', provider: 'bitbucket' },
    id,
    'https://code.example.org/acme/web/src/abc/a%20b/c.ts#lines-7',
  ],
  [{ url: 'https://user:secret@github.com/acme/web' }, id, 'https://github.com/acme/web/blob/abc/a%20b/c.ts#L7'],
  [{ url: 'https://code.example.org/acme/web' }, id, undefined],
  [{ url: '/srv/git/web', provider: 'github' }, id, undefined],
  [{ url: 'https://github.com/acme/web' }, { fetch: '+refs/pull/1/merge' }, undefined],
])('sources of %j at %j are read at %s', (repo, ref, address) => {
  expect(linkSourceOf({ repo: { vcs: 'git', ...repo }, ref })?.('a b/c.ts', 7)).toBe(address);
});
