import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { GivenArtifact } from '../ContentStore.js';
import { fileError, isMissing } from '../fileErrors.js';
import { syncFolder } from '../syncFolder.js';

/** The artifacts that are still to be given, each a small file: they outlive a restart. */
export class PendingFolder {
  constructor(private readonly folder: string) {}

  /** Notes an artifact, durably. @returns the name of the note; the same for the same artifact */
  async add(artifact: GivenArtifact): Promise<string> {
    const text = JSON.stringify(artifact);
    const name = createHash('sha256').update(text).digest('hex');
    try {
      await mkdir(this.folder, { recursive: true });
      const place = join(this.folder, name);
      const file = await open(`${place}.part`, 'w');
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(`${place}.part`, place);
      await syncFolder(this.folder);
      return name;
    } catch (error) {
      throw fileError(error);
    }
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.folder, name), { force: true }).catch((error: unknown) => {
      throw fileError(error);
    });
  }

  /** All notes, by name. One that was cut short is removed. */
  async all(): Promise<Map<string, GivenArtifact>> {
    const notes = new Map<string, GivenArtifact>();
    try {
      for (const name of await readdir(this.folder)) {
        const place = join(this.folder, name);
        if (name.endsWith('.part')) await rm(place, { force: true });
        else notes.set(name, JSON.parse(await readFile(place, 'utf8')) as GivenArtifact);
      }
    } catch (error) {
      if (!isMissing(error)) throw fileError(error);
    }
    return notes;
  }
}
