import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const SUFFIX = '.spool';
/** File systems take 255 bytes; ids of many special letters grow beyond that when they are encoded. */
const MAX_NAME = 200;

/** Where the spool of an attempt lies. Whose it is stands in its header: a very long id is not readable from the name. */
export function spoolPath(spoolDir: string, id: string, attempt: number): string {
  const encoded = encodeURIComponent(id);
  const name = encoded.length <= MAX_NAME ? encoded : createHash('sha256').update(id).digest('hex');
  return join(spoolDir, `${name}.${attempt}${SUFFIX}`);
}

/** All spools in a folder. */
export const listSpools = (spoolDir: string): string[] =>
  readdirSync(spoolDir)
    .filter((name) => name.endsWith(SUFFIX))
    .sort()
    .map((name) => join(spoolDir, name));
