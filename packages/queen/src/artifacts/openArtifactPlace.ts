import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ContentStore, fileError, openContentStore } from '@skep/artifacts';
import type { Logger } from 'pino';

export interface ArtifactPlaceOptions {
  /** The data folder of the queen; uploads gather there, wherever they rest then. Without one all of it ends with the queen. */
  dataDir: string | undefined;
  /** The address of the store of artifacts; a folder in the data folder if absent. */
  address: string | undefined;
  log: Logger;
}

/** Where a queen has the files of artifacts. */
export interface ArtifactPlace {
  contents: ContentStore;
  /** For what is on its way in. */
  uploadsFolder: string;
  close(): Promise<void>;
}

/**
 * Opens the store of artifacts of a queen.
 * @throws {SkepError} INVALID_CONFIG, STORE_FULL, ARTIFACT_STORE_UNREACHABLE, ARTIFACT_STORE_FAILED
 */
export async function openArtifactPlace({ dataDir, address, log }: ArtifactPlaceOptions): Promise<ArtifactPlace> {
  const passingFolder = dataDir === undefined ? join(tmpdir(), `skep-queen-${randomUUID()}`) : undefined;
  const folder = join(passingFolder ?? (dataDir as string), 'artifacts');
  const contents = await openContentStore({ address, folder: join(folder, 'contents'), pendingFolder: join(folder, 'pending'), log });
  const close = async (): Promise<void> => {
    await contents.close();
    if (passingFolder !== undefined) await rm(passingFolder, { recursive: true, force: true });
  };
  try {
    await contents.open(await ownerIn(folder));
  } catch (error) {
    await close();
    throw error;
  }
  return { contents, uploadsFolder: join(folder, 'uploads'), close };
}

/** What the queen of this folder is called where her artifacts rest, for good. */
async function ownerIn(folder: string): Promise<string> {
  const place = join(folder, 'owner');
  try {
    await mkdir(folder, { recursive: true });
    const found = await readFile(place, { encoding: 'utf8', flag: 'a+' });
    // Empty where it is new, or where there was no room to write it.
    if (found !== '') return found;
    const owner = randomUUID();
    await writeFile(place, owner, { flush: true });
    return owner;
  } catch (error) {
    throw fileError(error);
  }
}
