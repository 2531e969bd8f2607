/** Builds the pages into dist/. Fails if what a browser has to load for the first of them is larger than it may be. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { build } from 'vite';

const MAX_FIRST_PAGE_BYTES = 180_000;
const root = fileURLToPath(new URL('.', import.meta.url));

/** `.describe('...')` with one literal, or several that are put together. */
const description = /\.describe\(\s*(?:(['"`])(?:\\.|(?!\1)[^\\])*\1\s*\+?\s*)+,?\s*\)/gs;

/** What schemas say of their fields is for the docs: no page shows it, and it is 7 kB of the first. */
const withoutDescriptions = {
  name: 'without-descriptions',
  enforce: 'pre',
  transform: (code, id) => (id.includes('/packages/protocol/src/') ? { code: code.replace(description, ''), map: null } : undefined),
};

await build({
  root,
  // Relative: the queen, or a proxy before it, may serve them below any path.
  base: './',
  configFile: false,
  logLevel: 'warn',
  plugins: [withoutDescriptions, react()],
  resolve: { conditions: ['source', 'module', 'browser', 'production'], alias: [{ find: /^zod$/, replacement: `${root}src/policy.ts` }] },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
  },
});

const html = await readFile(`${root}dist/index.html`);
const loaded = [...html.toString().matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, name]) => name);
const files = [html, ...(await Promise.all(loaded.map((name) => readFile(`${root}dist/${name}`))))];
const bytes = files.reduce((sum, file) => sum + gzipSync(file).length, 0);
process.stderr.write(`web: the first page is ${Math.round(bytes / 1000)} kB gzip\n`);
if (bytes > MAX_FIRST_PAGE_BYTES) {
  process.stderr.write(`web: that is more than the ${MAX_FIRST_PAGE_BYTES / 1000} kB it may be\n`);
  process.exitCode = 1;
}
