import { type ErrorCode, SkepError } from '@skep/protocol';

/** An error as it crosses from one thread to another, where only plain values can. */
export interface Failure {
  code: ErrorCode;
  message: string;
  cause: { message: string; code: string | null; stack: string | null } | null;
}

/** What SQLite says when there is no room: on the disk, in the file system's limits, or in a quota. */
const fullCodes = new Set(['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_SHMSIZE', 'ENOSPC', 'EDQUOT']);

/** Any thrown thing as a SkepError of the store. */
export function toStoreError(error: unknown): SkepError {
  if (error instanceof SkepError) return error;
  const code = codeOf(error);
  if (code !== null && fullCodes.has(code)) return new SkepError('STORE_FULL', undefined, { cause: error });
  return new SkepError('STORE_FAILED', `The store could not do what was asked: ${error instanceof Error ? error.message : String(error)}`, {
    cause: error,
  });
}

/** Any thrown thing as plain values. */
export function toFailure(error: unknown): Failure {
  const { code, message, cause } = toStoreError(error);
  if (!(cause instanceof Error)) return { code, message, cause: null };
  return { code, message, cause: { message: cause.message, code: codeOf(cause), stack: cause.stack ?? null } };
}

/** The error that the other thread threw. */
export function fromFailure({ code, message, cause }: Failure): SkepError {
  if (cause === null) return new SkepError(code, message);
  const original = Object.assign(
    new Error(cause.message),
    cause.code !== null && { code: cause.code },
    cause.stack !== null && { stack: cause.stack },
  );
  return new SkepError(code, message, { cause: original });
}

const codeOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
