import { SkepError } from '@skep/protocol';
import { type Failure, toFailure } from './failures.js';

/** What went wrong in another thread, as the error to throw here. */
export function storeError({ code, message, cause }: Failure): SkepError {
  if (cause === null) return new SkepError(code, message ?? undefined);
  const original = Object.assign(
    new Error(cause.message),
    cause.code !== null && { code: cause.code },
    cause.stack !== null && { stack: cause.stack },
  );
  return new SkepError(code, message ?? undefined, { cause: original });
}

/** Any thrown thing as an error of the store. */
export const toStoreError = (error: unknown): SkepError => (error instanceof SkepError ? error : storeError(toFailure(error)));
