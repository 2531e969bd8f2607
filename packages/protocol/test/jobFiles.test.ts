import { describe, expect, test } from '@jest/globals';
import { cacheKeyOf, Job } from '@skep/protocol';

const isTaken = (job: unknown): boolean => Job.safeParse(job).success;

describe('the files of a job', () => {
  test.each([['dist/**'], ['!dist/*.map'], ['..hidden/x'], ['a..b']])('%s names artifacts', (glob) => {
    expect(isTaken({ artifacts: [glob] })).toBe(true);
    expect(isTaken({ artifacts: [{ paths: [glob], when: 'passed' }] })).toBe(true);
  });

  test.each([['/etc/passwd'], ['../up'], ['a/../../b'], ['!/x'], ['\\x'], ['..'], ['']])('%j is refused', (path) => {
    expect(isTaken({ artifacts: [path] })).toBe(false);
    expect(isTaken({ cache: [{ key: 'k', paths: [path] }] })).toBe(false);
  });

  test.each([
    ['plain', 'plain'],
    ["a-{{ platform }}-{{hashFiles 'x'  'y z'}}-b", 'a-linux-x64-[x,y z]-b'],
  ])('the key %s is %s', async (key, expected) => {
    expect(isTaken({ cache: [{ key, paths: ['x'] }] })).toBe(true);
    expect(await cacheKeyOf(key, 'linux-x64', async (names) => `[${names.join(',')}]`)).toBe(expected);
  });

  test.each([['{{ branch }}'], ['{{ hashFiles }}'], ['x}}'], ["{{ hashFiles 'x }}"], ['a\nb']])('the key %j is refused', (key) => {
    expect(isTaken({ cache: [{ key, paths: ['x'] }] })).toBe(false);
  });
});
