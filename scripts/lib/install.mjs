import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, root, run, say } from './run.mjs';

const PNPM = 'pnpm@12.21.0';
const stamp = join(root, 'node_modules/.skep-installed');

/** What the installed packages were made from: they are up to date while this stays the same. */
function wanted() {
  const hash = createHash('sha256').update(`${process.version} ${process.platform} ${process.arch} ${PNPM}`);
  for (const file of ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests()]) hash.update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

const manifests = () =>
  ['packages', 'apps', 'examples']
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name, 'package.json')))
    .concat('test/package.json')
    .filter((file) => existsSync(join(root, file)));

/** Installs the packages that the lock file names, unless they are there already. @throws {Failure} */
export async function install() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) throw new Failure(`Node ${process.version} is too old.`, 'Install Node 20.19 or newer.');
  const key = wanted();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return;
  say('installing packages (about 2 minutes the first time: better-sqlite3 may be compiled) ...');
  const from = Date.now();
  const { code } = await run('npx', ['--yes', PNPM, 'install', '--frozen-lockfile'], { env: { CI: 'true' } });
  if (code !== 0)
    throw new Failure(
      `installing failed (exit code ${code}).`,
      'It needs npm, the package registry, and where better-sqlite3 has no ready build, a C++ compiler, make and Python.',
    );
  writeFileSync(stamp, key);
  say(`installed in ${Math.round((Date.now() - from) / 1000)} s`);
}
