// Bundles the runner into the one CommonJS file that Strider's loader requires.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

await build({
  absWorkingDir: fileURLToPath(new URL('.', import.meta.url)),
  entryPoints: ['src/index.ts'],
  outfile: 'dist/index.cjs',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  conditions: ['source'],
  // They speed up ws if they are there.
  external: ['bufferutil', 'utf-8-validate'],
  logLevel: 'warning',
});
