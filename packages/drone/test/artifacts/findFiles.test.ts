import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { findFiles } from '../../src/artifacts/findFiles.js';
import { aFolder } from '../executor/helpers.js';

const files = ['a.txt', '.hidden', 'dist/a.js', 'dist/a.js.map', 'dist/sub/b.js', 'dist/sub/.c', 'node_modules/x/y.js', 'new\nline'];

test.each<[string[], string[]]>([
  [['a.txt'], ['a.txt']],
  [['./a.txt'], ['a.txt']],
  [['dist'], ['dist/a.js', 'dist/a.js.map', 'dist/sub/.c', 'dist/sub/b.js']],
  [['dist/'], ['dist/a.js', 'dist/a.js.map', 'dist/sub/.c', 'dist/sub/b.js']],
  [['dist/*.js'], ['dist/a.js']],
  [['dist/**', '!**/*.map', '!dist/sub'], ['dist/a.js']],
  [['**/*.js'], ['dist/a.js', 'dist/sub/b.js', 'node_modules/x/y.js']],
  [['{dist,node_modules}/**/{b,y}.js'], ['dist/sub/b.js', 'node_modules/x/y.js']],
  [['**'], [...files].sort()],
  [['.'], [...files].sort()],
  [['none', 'none/**'], []],
  [['!a.txt'], []],
  [['away/**'], ['away']],
  [['within'], ['dist/sub/.c', 'dist/sub/b.js'].map((path) => path.replace('dist/sub', 'within'))],
])('%j names %j', async (globs, expected) => {
  await using folder = await aFolder();
  for (const path of files) {
    mkdirSync(dirname(join(folder.path, path)), { recursive: true });
    writeFileSync(join(folder.path, path), '');
  }
  if (globs[0]?.startsWith('away')) symlinkSync('/etc', join(folder.path, 'away'));
  if (globs[0]?.startsWith('within')) symlinkSync('dist/sub', join(folder.path, 'within'));
  expect(await findFiles(folder.path, globs, new AbortController().signal)).toEqual(expected);
});
