import { setTimeout as sleep } from 'node:timers/promises';

/** How often a full disk is tried again. */
const ROOM_MS = 1000;

/** Whether this is the system's word that the disk takes no more. */
export const isDiskFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');

/** Writes as soon as the disk takes it. @throws whatever else goes wrong */
export async function whenRoom(write: () => void): Promise<void> {
  for (;;) {
    try {
      return write();
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      await sleep(ROOM_MS);
    }
  }
}
