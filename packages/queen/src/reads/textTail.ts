/** A character in UTF-8 has at most this many bytes after its first. */
const MAX_CONTINUATION_BYTES = 3;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * The end of an output as text. Where a character was cut at the front, its rest is left out and counted in `from`.
 * @param from bytes of the output before `bytes`
 */
export function textTail(bytes: Uint8Array, from: number): { text: string; from: number } {
  const skipped = from > 0 ? continuationBytes(bytes) : 0;
  return { text: decoder.decode(bytes.subarray(skipped)), from: from + skipped };
}

function continuationBytes(bytes: Uint8Array): number {
  let count = 0;
  while (count < Math.min(bytes.length, MAX_CONTINUATION_BYTES) && isContinuation(bytes[count])) count++;
  return count;
}

const isContinuation = (byte = 0): boolean => (byte & 0b1100_0000) === 0b1000_0000;
