import { createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const KEY_BYTES = 32;

/** Marks text as the queen's own, with a key that only she has. */
export interface Seals {
  of(text: string): string;
  /** Whether this is the seal of the text. */
  isOf(seal: string, text: string): boolean;
}

/** The seals of the queen of this data folder: those that it gave before a restart are good after it. Without a folder they are not. */
export async function openSeals(dataDir: string | undefined): Promise<Seals> {
  return createSeals(dataDir === undefined ? randomBytes(KEY_BYTES) : await keyIn(join(dataDir, 'tickets.key')));
}

export function createSeals(key: Buffer): Seals {
  // Made once, as each seal would make one of bare bytes.
  const secret = createSecretKey(key);
  const bytesOf = (text: string): Buffer => createHmac('sha256', secret).update(text).digest();
  return {
    of: (text) => bytesOf(text).toString('base64url'),
    isOf(seal, text) {
      const [given, expected] = [Buffer.from(seal, 'base64url'), bytesOf(text)];
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}

/** The key in a file, made if there is none; one that a crash left half written was never used. */
async function keyIn(path: string): Promise<Buffer> {
  const kept = await readFile(path).catch(() => undefined);
  if (kept?.length === KEY_BYTES) return kept;
  const key = randomBytes(KEY_BYTES);
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(key);
    await file.sync();
  } finally {
    await file.close();
  }
  return key;
}
