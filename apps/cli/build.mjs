// Bundles the command line, and the scripts of the processes and threads that it starts. What a command needs is a chunk of
// its own, loaded when that command runs, so that `skep --version` starts as fast as node itself.
import { chmod, cp, readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const { version } = JSON.parse(await readFile(`${here}package.json`, 'utf8'));
const outdir = `${here}dist`;

await rm(outdir, { recursive: true, force: true });
await build({
  absWorkingDir: here,
  entryPoints: {
    skep: 'src/main.ts',
    executor: '../../packages/drone/src/executor/main.ts',
    storeThread: '../../packages/store/src/sqlite/thread.ts',
    searchThread: '../../packages/queen/src/search/thread.ts',
  },
  outdir,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  splitting: true,
  // Beside the entries: what is in a chunk finds the other scripts by their place next to it.
  chunkNames: 'chunk-[hash]',
  conditions: ['source'],
  // Native, so it cannot be in a bundle; the two others speed up ws if they are there.
  external: ['better-sqlite3', 'bufferutil', 'utf-8-validate'],
  sourcemap: 'external',
  minifyWhitespace: true,
  define: { SKEP_VERSION: JSON.stringify(version) },
  banner: {
    // Bundled CommonJS modules ask for Node's own modules with require.
    js: `#!/usr/bin/env node
import { createRequire as skepCreateRequire } from 'node:module';
const require = skepCreateRequire(import.meta.url);`,
  },
  logLevel: 'warning',
});
// The pages, as apps/web built them.
await cp(fileURLToPath(new URL('../web/dist', import.meta.url)), `${outdir}/web`, { recursive: true });
await chmod(`${outdir}/skep.js`, 0o755);
