import { open } from 'node:fs/promises';

/** Makes the names in a folder durable; until then a power cut may take back what was made or renamed there. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
