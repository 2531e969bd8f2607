import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, root, run, say, tool } from './run.mjs';

/** What `skep` is: one file. It is written last, so all else that is built is as new. */
export const skep = join(root, 'apps/cli/dist/skep.js');

/** The instant of the newest change in a folder or file, in Unix ms. */
function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

const sources = () =>
  ['packages', 'apps']
    .flatMap((folder) =>
      readdirSync(join(root, folder)).flatMap((name) =>
        ['src', 'public', 'index.html', 'build.mjs', 'package.json'].map((part) => join(root, folder, name, part)),
      ),
    )
    .concat(join(root, 'tsconfig.base.json'), join(root, 'pnpm-lock.yaml'))
    .filter(existsSync);

/** Builds everything, unless what is built is newer than its sources. @throws {Failure} */
export async function build() {
  if (existsSync(skep) && statSync(skep).mtimeMs > Math.max(...sources().map(newest))) return;
  say('building (about half a minute the first time) ...');
  for (const [program, ...args] of [
    [tool('tsc'), '-b'],
    [process.execPath, 'packages/strider-runner/build.mjs'],
    [process.execPath, 'apps/web/build.mjs'],
    [process.execPath, 'apps/cli/build.mjs'],
  ]) {
    const { code } = await run(program, args);
    if (code !== 0) throw new Failure(`the build failed (exit code ${code}).`);
  }
}
