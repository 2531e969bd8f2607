import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Address } from './address.js';
import type { CheckoutOptions } from './checkout.js';
import { exists } from './exists.js';
import { type Hg, withHg } from './hg.js';
import { withLock } from './lock.js';
import { mirrorLock, mirrorPath, noteUse } from './mirror.js';

const fullId = /^[0-9a-f]{40}$/;

/**
 * Fills a folder with the sources of a Mercurial repository. What was pulled once stays in a mirror, of which the checkout
 * has hard links. `default` is the address without credentials.
 * @returns the id of the changeset
 * @throws what went wrong, in hg's last words
 */
export async function checkoutHg({ url: given, ...secrets }: Address, options: CheckoutOptions): Promise<string> {
  const { ref, dataDir, folder, tmp, env, signal } = options;
  if (ref && typeof ref.fetch === 'string') throw new Error('Mercurial has no refspecs: give a branch, bookmark or tag in ref.branch');
  const name = ref?.id ?? ref?.branch ?? 'default';
  if (typeof name !== 'string') throw new Error('ref.branch and ref.id must be names');
  const url = asHgUrl(given);
  const mirror = mirrorPath(dataDir, url, 'hg');
  return withHg({ url, ...secrets }, env, tmp, signal, (hg) =>
    withLock(mirrorLock(mirror), signal, async () => {
      const id = await bring(hg, mirror, url, name);
      await noteUse(mirror);
      await mkdir(folder, { recursive: true });
      // Under the lock: what is pulled into the mirror meanwhile must not be half linked.
      await hg(folder, 'clone', '--quiet', '--noupdate', '--', mirror, '.');
      await writeFile(join(folder, '.hg/hgrc'), `[paths]\ndefault = ${url}\n`);
      await hg(folder, 'update', '--quiet', '--clean', '--rev', id);
      return id;
    }),
  );
}

/** Brings the mirror so far that it has what is wanted. @returns the whole id */
async function bring(hg: Hg, mirror: string, url: string, name: string): Promise<string> {
  if (!(await exists(join(mirror, '.hg/requires')))) {
    await mkdir(mirror, { recursive: true });
    await hg(mirror, 'init', '.');
  }
  // An hg that was killed leaves a transaction half done.
  if (await exists(join(mirror, '.hg/store/journal'))) await hg(mirror, 'recover', '--quiet');
  if (fullId.test(name) && (await has(hg, mirror, name))) return name;
  // Names mean what the other side says that they mean. Only `--debug` shows whole ids, among other words.
  const words = await hg(mirror, 'identify', '--debug', '--id', '--rev', name, '--', url);
  const id = /^[0-9a-f]{40}(?=\+?$)/m.exec(words)?.[0];
  if (id === undefined) throw new Error(`hg does not say which changeset ${name} is: ${words}`);
  if (!(await has(hg, mirror, id))) await hg(mirror, 'pull', '--quiet', '--rev', id, '--', url);
  return id;
}

const has = (hg: Hg, mirror: string, id: string): Promise<boolean> =>
  hg(mirror, 'log', '--rev', id, '--template', '{node}').then(
    (found) => found === id,
    () => false,
  );

/** Mercurial knows no `name@host:path`. */
const asHgUrl = (url: string): string => (/^(\/|\w+:\/\/)/.test(url) ? url : url.replace(/^([^:]*):\/?(.*)$/, 'ssh://$1/$2'));
