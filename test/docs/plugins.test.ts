import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { aRepo, commit, serveGit } from '../../packages/drone/test/workspace/gitServer.js';
import { codeBlocks, missingLine } from './codeBlocks.js';
import { freePort, Terminal } from './Terminal.js';

const root = resolve(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);

/** Does what the top of a page shows: writes its files, and runs its first terminal beside a queen, against what it prints. */
async function runTop(page: string, modules: Record<string, string>, prepared: (text: string) => string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'skep-plugins-'));
  const terminal = new Terminal(folder, join(root, 'apps/cli/dist/skep.js'));
  try {
    const text = prepared(readFileSync(join(root, 'docs', page), 'utf8'));
    for (const [, name, content] of text.matchAll(/^```\w+\n(?:\/\/|#) (\S+\.\w+)\n(.*?)^```$/gms))
      writeFileSync(join(folder, name!), content!);
    for (const [name, target] of Object.entries(modules)) {
      mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true });
      symlinkSync(target, join(folder, 'node_modules', name));
    }
    const port = await freePort();
    await terminal.run('skep queen', folder, port, 'queen');
    for (const { command, expected } of codeBlocks(text)[0]!.commands) {
      const { output, exitCode } = await terminal.run(command, folder, port, 'drone');
      expect({ command, exitCode: exitCode ?? 0, missing: missingLine(output, expected), output }).toMatchObject({
        exitCode: 0,
        missing: undefined,
      });
    }
  } finally {
    await terminal.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

test('the example at the top of docs/plugins.md runs, and prints what it says', () =>
  runTop('plugins.md', { '@skep/drone': join(root, 'packages/drone'), zod: dirname(require.resolve('zod/package.json')) }, (text) => text));

test('the example at the top of docs/tasks.md runs, and prints what it says', () =>
  runTop('tasks.md', { '@skep/drone': join(root, 'packages/drone'), zod: dirname(require.resolve('zod/package.json')) }, (text) => text));

test('the example at the top of docs/from-strider.md runs, and prints what it says', async () => {
  const repos = mkdtempSync(join(tmpdir(), 'skep-repos-'));
  const { path } = aRepo(repos, 'slug');
  commit(path, 'package.json', JSON.stringify({ name: 'slug', version: '1.0.0', scripts: { test: 'echo tested' } }));
  const server = await serveGit(repos, 'bee:honey');
  try {
    const names = ['git', 'node', 'custom'].map((name) => `strider-${name}`);
    const modules = Object.fromEntries(names.map((name) => [name, dirname(require.resolve(`${name}/package.json`))]));
    await runTop('from-strider.md', modules, (text) => {
      expect(text).toContain('https://git.example/bees/slug.git');
      return text.replace('https://git.example/bees/slug.git', `${server.url}/slug/.git`);
    });
  } finally {
    await server[Symbol.asyncDispose]();
    rmSync(repos, { recursive: true });
  }
});
