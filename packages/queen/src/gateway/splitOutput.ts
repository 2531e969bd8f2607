import { type AttemptEvent, CHUNK_BYTES } from '@skep/protocol';

/** An event of a plain drone as it can be stored: output that is larger than a chunk becomes several events. */
export function splitOutput(event: AttemptEvent): AttemptEvent[] {
  switch (event.name) {
    case 'job:cmd:stdout':
    case 'job:cmd:stderr':
      return chunksOf(event.args[1]).map((chunk) => ({ ...event, args: [event.args[0], chunk] }) as AttemptEvent);
    case 'job:stdout':
    case 'job:stderr':
      return chunksOf(event.args[0]).map((chunk) => ({ ...event, args: [chunk] }) as AttemptEvent);
    default:
      return [event];
  }
}

/** Pieces of at most CHUNK_BYTES that end at the end of a line where they can, else at the end of a character. */
export function chunksOf(text: string | Uint8Array): Uint8Array[] {
  const bytes = typeof text === 'string' ? Buffer.from(text) : Buffer.from(text.buffer, text.byteOffset, text.byteLength);
  const chunks: Uint8Array[] = [];
  let start = 0;
  while (bytes.length - start > CHUNK_BYTES) {
    const end = cutAt(bytes, start, start + CHUNK_BYTES);
    chunks.push(bytes.subarray(start, end));
    start = end;
  }
  if (start < bytes.length || chunks.length === 0) chunks.push(bytes.subarray(start));
  return chunks;
}

function cutAt(bytes: Buffer, start: number, limit: number): number {
  const lineEnd = bytes.lastIndexOf(0x0a, limit - 1);
  if (lineEnd >= start) return lineEnd + 1;
  let cut = limit;
  // A byte of the form 10xxxxxx goes on with the character before it; one has at most 4 bytes.
  while (cut > limit - 3 && ((bytes[cut] ?? 0) & 0xc0) === 0x80) cut -= 1;
  return cut;
}
