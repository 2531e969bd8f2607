import { SkepError } from '@skep/protocol';
import { createMemoryStore, openSqliteStore, type Store } from '@skep/store';
import type { QueenOptions } from './Queen.js';

/**
 * The store that a queen is to have.
 * @throws {SkepError} INVALID_CONFIG if neither a store nor a folder is given; what opening the folder's throws
 */
export async function openStore({ store, dataDir, storeThreadEntry: threadEntry }: QueenOptions): Promise<Store> {
  if (store === 'memory') return createMemoryStore();
  if (store !== undefined) return store;
  if (dataDir === undefined) {
    throw new SkepError('INVALID_CONFIG', 'The queen has nowhere to keep its jobs', { hint: 'Give it a dataDir, or a store.' });
  }
  return openSqliteStore({ dataDir, ...(threadEntry !== undefined && { threadEntry }) });
}
