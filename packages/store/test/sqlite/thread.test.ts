import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';

/** The modules that a built script loads: those of ours by their files, all others by their names. */
function loadedBy(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, from = ''] of readFileSync(file, 'utf8').matchAll(/^(?:import|export)\b[^;'"]*['"]([^'"]+)['"]/gm)) {
    if (from.startsWith('.')) loadedBy(join(dirname(file), from), seen);
    else seen.add(from);
  }
  return seen;
}

test('the threads of the store load no schemas, which would more than double what they take in time and memory', () => {
  const loaded = [...loadedBy(join(import.meta.dirname, '../../dist/sqlite/thread.js'))];
  expect(loaded).toContain('better-sqlite3');
  expect(loaded.filter((name) => /^(@skep\/|zod)/.test(name))).toEqual([]);
});
