import type { Stream } from '@skep/protocol';
import { jsonLines } from './jsonLines.js';

/** One chunk of output, as `GET /api/jobs/:id/output?format=ndjson` gives it. */
export interface OutputChunk {
  cursor: number;
  /** The number of the command; -1 before the first. */
  command: number;
  stream: Stream;
  /** Line ends in the output of the attempt before it. */
  firstLine: number;
  /** Line ends within it. */
  lines: number;
  /** Bytes of output before it. */
  firstByte: number;
  /** Unix ms, by the queen's clock. */
  at: number;
  bytes: Uint8Array;
}

type ChunkLine = Omit<OutputChunk, 'bytes'> & { text?: string; base64?: string };

/** Chunks from the lines of an ndjson answer, each as soon as its line is whole. */
export async function* chunksOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<OutputChunk, void, void> {
  for await (const line of jsonLines(pieces)) yield chunkOf(line as ChunkLine);
}

function chunkOf({ text, base64, ...place }: ChunkLine): OutputChunk {
  const bytes = base64 === undefined ? new TextEncoder().encode(text ?? '') : Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  return { ...place, bytes };
}
