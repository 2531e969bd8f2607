import type { SkepClient } from '@skep/client';
import { type ArtifactInfo, SkepError } from '@skep/protocol';

export interface ReadContent {
  bytes: Uint8Array<ArrayBuffer>;
  /** Whether that is all of it. */
  isAll: boolean;
}

/**
 * The first bytes of an artifact; where they are all of it, and the browser can tell, held against its digest.
 * @throws {SkepError} why the queen does not give it; DIGEST_MISMATCH
 */
export async function readUpTo(client: SkepClient, artifact: ArtifactInfo, maxBytes: number, signal?: AbortSignal): Promise<ReadContent> {
  const bytes = new Uint8Array(Math.min(maxBytes, artifact.size));
  let filled = 0;
  for await (const piece of client.artifacts.bytes(artifact, 0, signal, true)) {
    const part = piece.subarray(0, bytes.length - filled);
    bytes.set(part, filled);
    filled += part.length;
    if (filled === bytes.length) break;
  }
  const isAll = filled === artifact.size;
  if (isAll && (await isOther(bytes, artifact.sha256)))
    throw new SkepError('DIGEST_MISMATCH', `What came of ${artifact.path} is not what was stored: it has another SHA-256`, {
      hint: 'Load it again; if it stays so, the store of artifacts is damaged.',
    });
  return { bytes: bytes.subarray(0, filled), isAll };
}

/** Browsers tell digests only to pages of this machine, or that came by TLS. */
async function isOther(bytes: Uint8Array<ArrayBuffer>, sha256: string): Promise<boolean> {
  if (!window.isSecureContext) return false;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('') !== sha256;
}
