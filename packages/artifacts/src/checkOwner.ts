import { SkepError } from '@skep/protocol';

/** What a store keeps beside the contents: whose it is. */
export const OWNER = 'owner';

/**
 * @param found whose the store is
 * @param store what it is, to begin a sentence with
 * @param place where it says so
 * @throws INVALID_CONFIG if that is somebody else
 */
export function checkOwner(found: string, owner: string, store: string, place: string): void {
  if (found === owner) return;
  throw new SkepError('INVALID_CONFIG', `${store} holds the artifacts of another queen`, {
    cause: new Error('each would remove what only the other refers to'),
    hint: `Give each queen a place of its own with --artifacts; if that other one is gone for good, remove ${place}.`,
  });
}
