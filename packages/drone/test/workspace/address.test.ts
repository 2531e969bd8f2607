import { describe, expect, test } from '@jest/globals';
import { addressOf, bareUrl } from '../../src/workspace/address.js';

describe('addressOf', () => {
  test.each([
    ['https://host/repo.git', 'https://host/repo.git'],
    ['http://host:8080/repo', 'http://host:8080/repo'],
    ['https://me:secret@host/repo', 'https://host/repo'],
    ['ssh://git@host:2222/repo', 'ssh://git@host:2222/repo'],
    ['ssh://git:secret@host/repo', 'ssh://git@host/repo'],
    ['git@host:owner/repo.git', 'git@host:owner/repo.git'],
    ['host:/srv/repo', 'host:/srv/repo'],
    ['git://host/repo', 'git://host/repo'],
    ['file:///srv/repo', 'file:///srv/repo'],
    ['/srv/repo', '/srv/repo'],
  ])('%s is entered as %s', (url, shown) => {
    expect(addressOf({ url })?.url).toBe(shown);
  });

  test.each([
    'ext::sh -c x',
    'fd::3',
    '-u',
    '--upload-pack=x',
    'ssh://-oProxyCommand=x/y',
    '-oProxyCommand=x:y',
    'file://host/x',
    '../repo',
    'repo',
    'https://',
    'http:///x',
    'javascript:',
    'a::b',
    '',
  ])('%s is not entered', (url) => {
    expect(addressOf({ url })).toBeUndefined();
  });

  test('only a repository of this machine may lead to files of this machine', () => {
    expect(addressOf({ url: '/srv/repo' })?.protocols).toContain('file');
    expect(addressOf({ url: 'https://host/repo' })?.protocols).not.toContain('file');
  });

  test('what the job says stands over what the address says', () => {
    expect(addressOf({ url: 'https://a:b@host/x' })?.https).toEqual({ username: 'a', password: 'b' });
    expect(addressOf({ url: 'https://a:b%20c@host/x', auth: { type: 'https', username: 'd', password: 'e' } })?.https).toEqual({
      username: 'd',
      password: 'e',
    });
    expect(addressOf({ url: 'https://a:b%20c@host/x' })?.https).toEqual({ username: 'a', password: 'b c' });
  });
});

test('a bare address has no credentials', () => {
  expect(bareUrl('https://token@host/x')).toBe('https://host/x');
});
