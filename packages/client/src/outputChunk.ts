import type { Stream } from '@skep/protocol';

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
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield chunkOf(line);
  }
  if (rest !== '') yield chunkOf(rest);
}

function chunkOf(line: string): OutputChunk {
  const { text, base64, ...place } = JSON.parse(line) as ChunkLine;
  const bytes = base64 === undefined ? new TextEncoder().encode(text ?? '') : Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  return { ...place, bytes };
}
