import { SkepError } from '@skep/protocol';

const fullCodes = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** What the system said of a file, by our names: STORE_FULL where there is no room, else ARTIFACT_STORE_FAILED. */
export function fileError(thrown: unknown): SkepError {
  if (thrown instanceof SkepError) return thrown;
  const { code, message } = thrown as NodeJS.ErrnoException;
  if (code !== undefined && fullCodes.has(code)) {
    return new SkepError('STORE_FULL', 'There is no room for artifacts', {
      cause: thrown,
      hint: 'Make room; uploads go on from where they are.',
    });
  }
  return new SkepError('ARTIFACT_STORE_FAILED', `The store of artifacts could not do what was asked: ${message}`, { cause: thrown });
}

/** Whether the system said that there is no such file. */
export const isMissing = (thrown: unknown): boolean => (thrown as NodeJS.ErrnoException).code === 'ENOENT';
