import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { codeBlocks, missingLine } from './codeBlocks.js';

const root = resolve(import.meta.dirname, '../..');

test('the example at the top of docs/pools.md runs, and prints what it says', async () => {
  const page = readFileSync(join(root, 'docs/pools.md'), 'utf8');
  const folder = mkdtempSync(join(tmpdir(), 'skep-pools-'));
  try {
    for (const [, name, text] of page.matchAll(/^```js\n\/\/ (\S+)\n(.*?)^```$/gms)) writeFileSync(join(folder, name!), text!);
    mkdirSync(join(folder, 'node_modules/@skep'), { recursive: true });
    symlinkSync(join(root, 'packages/pool'), join(folder, 'node_modules/@skep/pool'));
    const { command, expected } = codeBlocks(page)[0]!.commands[0]!;
    expect(command).toBe('node pool.mjs');
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['pool.mjs'], { cwd: folder, timeout: 60_000 });
    expect({ missing: missingLine(stdout, expected), stderr }).toEqual({ missing: undefined, stderr: '' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
