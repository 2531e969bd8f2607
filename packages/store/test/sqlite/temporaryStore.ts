import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenedStore } from '../../src/conformance/useStore.js';
import { openSqliteStore, type SqliteStoreOptions, type Store } from '../../src/index.js';

/** An empty data folder, removed when it is disposed of, after all stores that were opened in it are closed. */
export interface TemporaryDataDir extends AsyncDisposable {
  dataDir: string;
  open(options?: Partial<SqliteStoreOptions>): Promise<Store>;
}

export async function temporaryDataDir(): Promise<TemporaryDataDir> {
  const dataDir = await mkdtemp(join(tmpdir(), 'skep-store-'));
  const stores: Store[] = [];
  return {
    dataDir,
    open: async (options) => {
      const store = await openSqliteStore({ dataDir, ...options });
      stores.push(store);
      return store;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(stores.map((store) => store.close()));
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** An empty store in a folder of its own. */
export async function openTemporaryStore(): Promise<OpenedStore> {
  const dir = await temporaryDataDir();
  const store = await dir.open();
  return {
    store,
    reopen: async () => {
      await store.close();
      return dir.open();
    },
    dispose: async () => dir[Symbol.asyncDispose](),
  };
}
