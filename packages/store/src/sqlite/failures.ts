import type { ErrorCode } from '@skep/protocol';

/** An error as it crosses from one thread to another, where only plain values can. */
export interface Failure {
  code: ErrorCode;
  /** The meaning of the code if null. */
  message: string | null;
  cause: { message: string; code: string | null; stack: string | null } | null;
}

/**
 * What the threads of the store throw. It becomes a SkepError where it arrives: the threads do without the schemas that
 * come with that, which would more than double what they load and keep in memory.
 */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What SQLite and the system say when there is no room: on the disk, under a limit of the process, or in a quota. */
const fullCodes = new Set(['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_SHMSIZE', 'ENOSPC', 'EDQUOT', 'EFBIG']);

/** Any thrown thing as plain values. */
export function toFailure(error: unknown): Failure {
  if (error instanceof StoreFailure) return { code: error.code, message: error.message, cause: causeOf(error.cause) };
  const cause = causeOf(error);
  if (cause?.code && fullCodes.has(cause.code)) return { code: 'STORE_FULL', message: null, cause };
  return { code: 'STORE_FAILED', message: `The store could not do what was asked: ${cause?.message ?? String(error)}`, cause };
}

function causeOf(error: unknown): Failure['cause'] {
  if (!(error instanceof Error)) return null;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  return { message: error.message, code, stack: error.stack ?? null };
}
