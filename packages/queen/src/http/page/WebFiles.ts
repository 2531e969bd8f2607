import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file that browsers load. */
export interface WebFile {
  type: string;
  bytes: Uint8Array;
}

/** The built pages, by their path below the folder: `index.html`, `assets/...`, `icons/...`. */
export type WebFiles = ReadonlyMap<string, WebFile>;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
};

/**
 * Reads the built pages once, so that nothing that is asked for later can name a file. Files of other types are left out.
 * @throws if the folder cannot be read
 */
export async function readWebFiles(folder: string | URL): Promise<WebFiles> {
  const root = typeof folder === 'string' ? folder : fileURLToPath(folder);
  const names = (await readdir(root, { recursive: true })).filter((name) => types[extname(name)] !== undefined);
  const files = names.map(async (name) => {
    const file: WebFile = { type: types[extname(name)] ?? '', bytes: await readFile(join(root, name)) };
    return [name.split(sep).join('/'), file] as const;
  });
  return new Map(await Promise.all(files));
}
