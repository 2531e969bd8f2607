import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { codeBlocks, missingLine } from './codeBlocks.js';

const root = resolve(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);

test('the example at the top of docs/from-forerunner.md runs, and prints what it says', async () => {
  const page = readFileSync(join(root, 'docs/from-forerunner.md'), 'utf8');
  const folder = mkdtempSync(join(tmpdir(), 'skep-forerunner-'));
  try {
    for (const [, name, text] of page.matchAll(/^```js\n\/\/ (\S+)\n(.*?)^```$/gms)) writeFileSync(join(folder, name!), text!);
    mkdirSync(join(folder, 'node_modules/@skep'), { recursive: true });
    for (const name of ['client', 'drone', 'queen']) symlinkSync(join(root, 'packages', name), join(folder, 'node_modules/@skep', name));
    symlinkSync(dirname(require.resolve('zod/package.json')), join(folder, 'node_modules/zod'));
    const { command, expected } = codeBlocks(page)[0]!.commands[0]!;
    expect(command).toBe('node crawl.mjs');
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['crawl.mjs'], { cwd: folder, timeout: 60_000 });
    expect({ missing: missingLine(stdout, expected), stderr }).toEqual({ missing: undefined, stderr: '' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
