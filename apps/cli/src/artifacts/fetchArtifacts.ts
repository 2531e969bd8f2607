import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SkepClient } from '@skep/client';
import { type ArtifactInfo, SkepError } from '@skep/protocol';
import picomatch from 'picomatch';
import { CliError } from '../CliError.js';
import { EXIT } from '../exitCodes.js';

/** How often a download that breaks off without a byte more is taken up again. */
const TRIES = 5;
const AGAIN_MS = 500;

/** Those that globs name; all of them if there are no globs. */
export function chosenOf(artifacts: readonly ArtifactInfo[], globs: readonly string[]): ArtifactInfo[] {
  const isChosen = globs.length === 0 ? () => true : picomatch([...globs, ...globs.map((glob) => `${glob}/**`)], { dot: true });
  return artifacts.filter(({ path }) => isChosen(path));
}

/**
 * Writes artifacts below a folder, each under its own path and with its permissions. A file is there whole and with the
 * right digest, or not at all: it grows beside its place, and a later call goes on from there. What is there already stays.
 * @param got called for each
 * @throws {CliError} if a link in the folder leads out of it
 */
export async function fetchArtifacts(
  client: SkepClient,
  artifacts: readonly ArtifactInfo[],
  folder: string,
  got: (artifact: ArtifactInfo, wasThere: boolean) => Promise<void>,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const artifact of artifacts) {
    const target = await placeOf(folder, artifact.path);
    const isThere = (await digestOf(target, artifact.size)) === artifact.sha256;
    if (!isThere) await fetchOne(client, artifact, target);
    await chmod(target, artifact.mode);
    await got(artifact, isThere);
  }
}

/** Makes the folders of a file. A link among them must not lead elsewhere. */
async function placeOf(folder: string, path: string): Promise<string> {
  const top = await realpath(folder);
  const target = resolve(top, path);
  let known = top;
  for (const part of relative(top, dirname(target)).split(sep).filter(Boolean)) {
    await mkdir(join(known, part)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    known = await realpath(join(known, part));
    if (!known.startsWith(top + sep))
      throw new CliError(`${path} is not written`, `a link leads out of ${folder}`, 'give another folder with -o', EXIT.error);
  }
  return join(known, target.slice(dirname(target).length));
}

async function fetchOne(client: SkepClient, artifact: ArtifactInfo, target: string): Promise<void> {
  const part = `${target}.${artifact.sha256.slice(0, 8)}.part`;
  const file = await open(part, 'a+', 0o600);
  try {
    let { size } = await file.stat();
    if (size > artifact.size) {
      await file.truncate(0);
      size = 0;
    }
    const hash = await hashOf(part, size);
    for (let tries = 0; size < artifact.size; tries++) {
      try {
        for await (const bytes of client.artifacts.bytes(artifact, size, undefined, tries > 0)) {
          await file.appendFile(bytes);
          hash.update(bytes);
          size += bytes.length;
          tries = 0;
        }
        if (size !== artifact.size) break;
      } catch (error) {
        if (!(error instanceof SkepError) || error.code !== 'QUEEN_UNREACHABLE' || tries >= TRIES) throw error;
        await sleep(AGAIN_MS * 2 ** tries);
      }
    }
    if (size !== artifact.size || hash.digest('hex') !== artifact.sha256) {
      await rm(part, { force: true });
      throw new SkepError('DIGEST_MISMATCH', `What came of ${artifact.path} is not what was stored`, { hint: 'Fetch it again.' });
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, target);
}

async function hashOf(path: string, size: number): Promise<Hash> {
  const hash = createHash('sha256');
  if (size > 0) for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer);
  return hash;
}

/** The digest of a file of this size; undefined if there is none. */
async function digestOf(path: string, size: number): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() && found.size === size ? (await hashOf(path, size)).digest('hex') : undefined;
}
