import { afterEach, beforeEach } from '@jest/globals';
import type { Store } from '../Store.js';

/** A store that a test may use, and what it takes to test that it lasts. */
export interface OpenedStore {
  store: Store;
  /** Closes the store and opens it again, as after a restart. */
  reopen(): Promise<Store>;
  /** Closes the store, if it is open, and removes all that it kept. */
  dispose(): Promise<void>;
}

export type Open = () => Promise<OpenedStore>;

/** Opens an empty store before each test and disposes of it afterwards. @returns the one of the test that runs */
export function useStore(open: Open): () => OpenedStore {
  let opened: OpenedStore | undefined;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(async () => {
    await opened?.dispose();
    opened = undefined;
  });
  return () => {
    if (!opened) throw new Error('No test runs');
    return opened;
  };
}
