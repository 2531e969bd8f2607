import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

const CHUNK_BYTES = 1024 * 1024;

/** The SHA-256 of the first `size` bytes of a file, in hexadecimal. What comes next is read while it reckons. */
export async function sha256Of(file: FileHandle, size: number, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const buffers = [0, 1].map(() => Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, size)));
  const readAt = async (at: number, buffer = Buffer.alloc(0)): Promise<Buffer> => {
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, size - at), at);
    return buffer.subarray(0, bytesRead);
  };
  let at = 0;
  for (let piece = await readAt(0, buffers[0]), turn = 1; piece.length > 0; turn++) {
    signal.throwIfAborted();
    at += piece.length;
    const next = at < size ? readAt(at, buffers[turn % 2]) : Promise.resolve(Buffer.alloc(0));
    hash.update(piece);
    piece = await next;
  }
  return hash.digest('hex');
}
