import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { codeBlocks, missingLine } from './codeBlocks.js';
import { freePort, Terminal } from './Terminal.js';

const root = resolve(import.meta.dirname, '../..');
const BLOCK_MS = 300_000;

/**
 * Tests a page of the documentation: every block that starts with `$` is run as it stands, in order, in one terminal. What
 * stays up (`npm start`, `skep queen`) is there for the blocks after it. In place of port 7874 stands a free one. What begins
 * with `npm` runs in the repository, all else in a checkout of it, so that a page may make files.
 * @param page its path in the repository
 */
export function testPage(page: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'skep-page-'));
  const checkout = join(folder, 'project');
  const terminal = new Terminal(folder, join(root, 'apps/cli/dist/skep.js'));
  const blocks = codeBlocks(readFileSync(join(root, page), 'utf8'));
  let port: number;

  beforeAll(async () => {
    execFileSync('git', ['clone', '--quiet', pathToFileURL(root).href, checkout]);
    port = await freePort();
  });
  afterAll(async () => {
    await terminal.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('shows how it is used', () => expect(blocks.length).toBeGreaterThan(0));

  for (const { line, commands } of blocks)
    test(
      `line ${line}: ${commands[0]?.command}`,
      async () => {
        for (const { command, expected } of commands) {
          // A demo is a fleet of its own, beside the one that stays up.
          const alone = /\bnpm run demo\b/.test(command);
          const own = alone ? await freePort() : port;
          const here = (text: string) => text.replaceAll('7874', String(own));
          const { output, exitCode } = await terminal.run(
            here(command),
            command.startsWith('npm ') ? root : checkout,
            own,
            alone ? `demo-${line}` : 'data',
          );
          const missing = missingLine(output, expected.map(here));
          if (exitCode || missing) throw new Error(`$ ${command}\nexit code ${exitCode}, not printed: ${missing}\n${output}`);
        }
      },
      BLOCK_MS,
    );
}
