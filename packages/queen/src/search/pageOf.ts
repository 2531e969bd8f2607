import type { OutputChunk } from '../reads/output.js';
import type { SearchPage, SearchRun } from './LineScanner.js';

/** Chunks as one page to search: in memory of its own, what one command wrote to one stream without a gap as one run. */
export function pageOf(chunks: readonly OutputChunk[]): SearchPage {
  const memory = new Uint8Array(chunks.reduce((sum, { bytes }) => sum + bytes.length, 0));
  const runs: SearchRun[] = [];
  let at = 0;
  let end = -1;
  for (const { command, stream, firstLine, firstByte, bytes } of chunks) {
    memory.set(bytes, at);
    const last = runs.at(-1);
    if (last && last.command === command && last.stream === stream && firstByte === end) last.to += bytes.length;
    else runs.push({ command, stream, firstLine, from: at, to: at + bytes.length });
    at += bytes.length;
    end = firstByte + bytes.length;
  }
  return { memory, runs };
}
