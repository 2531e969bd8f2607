import type { AttemptEvent } from '@skep/protocol';
import type { Chunk } from './OutputCutter.js';

/** What is told of pieces of output. @param num the command that wrote them; without it, they are text between commands */
export function outputEvents(chunks: readonly Chunk[], num?: number): AttemptEvent[] {
  return chunks.flatMap(({ stream, bytes, cut }): AttemptEvent[] => {
    const output = bytes as Uint8Array<ArrayBuffer>;
    const told: AttemptEvent =
      num === undefined ? { name: `job:${stream}`, args: [output] } : { name: `job:cmd:${stream}`, args: [num, output] };
    return cut ? [{ name: 'job:cut', args: [cut.bytes, cut.limit] }, told] : [told];
  });
}
