import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorCode, SkepError } from '@skep/protocol';

const AGAIN_MIN_MS = 500;
const AGAIN_MAX_MS = 15_000;

/** What is the same however often it is tried. Everything else passes: a queen that is away, full or about to stop. */
const finalCodes: ReadonlySet<ErrorCode> = new Set([
  'INVALID_JOB',
  'INVALID_MESSAGE',
  'PAYLOAD_TOO_LARGE',
  'JOB_NOT_FOUND',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'ORIGIN_REFUSED',
  'HOST_REFUSED',
  'PROTOCOL_MISMATCH',
]);

/**
 * Tries until there is an answer, at longer and longer intervals.
 * @param signal aborted: there will be no further try
 * @returns the answer; undefined if none came before the signal was aborted
 * @throws what no second try can change
 */
export async function untilItPasses<T>(attempt: () => Promise<T>, signal?: AbortSignal): Promise<T | undefined> {
  for (let waitMs = AGAIN_MIN_MS; !signal?.aborted; waitMs = Math.min(2 * waitMs, AGAIN_MAX_MS)) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof SkepError) || finalCodes.has(error.code)) throw error;
    }
    await sleep(waitMs, undefined, signal && { signal }).catch(() => undefined);
  }
  return undefined;
}
