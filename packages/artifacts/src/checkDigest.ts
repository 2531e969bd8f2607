import { SkepError } from '@skep/protocol';

/** @throws ARTIFACT_STORE_FAILED for what is no SHA-256 in small hexadecimal digits, and so no name of a content */
export function checkDigest(sha256: string): void {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new SkepError('ARTIFACT_STORE_FAILED', `${sha256.slice(0, 100)} is not a SHA-256`);
}
