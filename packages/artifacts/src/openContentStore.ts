import type { ContentStore, StoreLog } from './ContentStore.js';
import { FolderStore } from './FolderStore.js';
import { parseStoreAddress } from './storeAddress.js';

export interface OpenContentStoreOptions {
  /** `file:`, `s3:`, `http:` or `https:`; a folder of the queen's own if absent. */
  address: string | undefined;
  /** The queen's own folder for contents. */
  folder: string;
  /** The queen's own folder for what is to be given on. */
  pendingFolder: string;
  log: StoreLog;
}

/**
 * The store at an address. What only one kind of it needs is loaded for that kind alone.
 * @throws INVALID_CONFIG
 */
export async function openContentStore({ address, folder, pendingFolder, log }: OpenContentStoreOptions): Promise<ContentStore> {
  const parsed = address === undefined ? undefined : parseStoreAddress(address);
  switch (parsed?.type) {
    case 's3': {
      const { S3Store } = await import('./s3/S3Store.js');
      return new S3Store(parsed.s3);
    }
    case 'post': {
      const { PostStore } = await import('./post/PostStore.js');
      return new PostStore({ ...parsed, kept: new FolderStore(folder), pendingFolder, log });
    }
    default:
      return new FolderStore(parsed?.folder ?? folder);
  }
}
