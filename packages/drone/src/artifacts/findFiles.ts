import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import picomatch from 'picomatch';

/**
 * What globs name in a folder, in order: files, and links and whatever else is no folder. Of a glob that names a folder, all
 * that is in it; `!` before a glob takes out again what it names. Links to folders are not entered.
 * @returns paths below the folder, with `/`
 */
export async function findFiles(folder: string, globs: readonly string[], signal: AbortSignal): Promise<string[]> {
  const wanted = globs.filter((glob) => !glob.startsWith('!')).map(normalized);
  const isWanted = matcherOf(wanted);
  const isUnwanted = matcherOf(globs.filter((glob) => glob.startsWith('!')).map((glob) => normalized(glob.slice(1))));
  const found = new Set<string>();
  for (const base of new Set(wanted.map((glob) => picomatch.scan(glob).base)))
    for await (const path of below(folder, base === '.' ? '' : base)) {
      signal.throwIfAborted();
      if (isWanted(path) && !isUnwanted(path)) found.add(path);
    }
  return [...found].sort();
}

/** Whether a real path lies in a folder of which the real path is given. */
export const liesIn = (folder: string, path: string): boolean => path === folder || path.startsWith(folder + sep);

const normalized = (glob: string): string => glob.replace(/^(\.\/+)+/, '').replace(/\/+$/, '') || '**';

const matcherOf = (globs: readonly string[]): ((path: string) => boolean) =>
  globs.length === 0 ? () => false : picomatch([...globs, ...globs.map((glob) => `${glob}/**`)], { dot: true, flags: 's' });

/** All that is no folder, from a path on. What a link has led out of the folder is not entered, but named. */
async function* below(folder: string, path: string): AsyncGenerator<string> {
  const real = await realpath(join(folder, path)).catch(() => undefined);
  if (real === undefined) return;
  if (!liesIn(await realpath(folder), real) || !(await stat(real)).isDirectory()) yield path;
  else yield* entriesBelow(folder, path);
}

async function* entriesBelow(folder: string, path: string): AsyncGenerator<string> {
  for (const entry of await readdir(join(folder, path), { withFileTypes: true })) {
    const child = path === '' ? entry.name : `${path}/${entry.name}`;
    if (entry.isDirectory()) yield* entriesBelow(folder, child);
    else yield child;
  }
}
