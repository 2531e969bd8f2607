import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenedStore } from '../../src/conformance/useStore.js';
import { openSqliteStore } from '../../src/index.js';

/** An empty data folder, removed when it is disposed of. */
export async function temporaryDataDir(): Promise<{ dataDir: string; [Symbol.asyncDispose](): Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'skep-store-'));
  return { dataDir, [Symbol.asyncDispose]: () => rm(dataDir, { recursive: true, force: true }) };
}

/** An empty store in a folder of its own. */
export async function openTemporaryStore(): Promise<OpenedStore> {
  const dir = await temporaryDataDir();
  const { dataDir } = dir;
  let store = await openSqliteStore({ dataDir });
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await openSqliteStore({ dataDir });
      return store;
    },
    dispose: async () => {
      await store.close();
      await dir[Symbol.asyncDispose]();
    },
  };
}
