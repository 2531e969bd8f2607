import { isUtf8 } from 'node:buffer';
import type { OutputChunk } from '../reads/output.js';

/** Output as it was written: one piece for each page. */
export async function* textOf(pages: AsyncIterable<OutputChunk[]>): AsyncGenerator<Uint8Array> {
  for await (const chunks of pages) yield Buffer.concat(chunks.map(({ bytes }) => bytes));
}

/** Output as ndjson: a line for each chunk, its bytes as text where they are valid UTF-8. */
export async function* linesOf(pages: AsyncIterable<OutputChunk[]>): AsyncGenerator<Uint8Array> {
  for await (const chunks of pages) yield Buffer.from(chunks.map(lineOf).join(''));
}

const lineOf = ({ cursor, command, stream, firstLine, lines, firstByte, at, bytes }: OutputChunk): string =>
  `${JSON.stringify({ cursor, command, stream, firstLine, lines, firstByte, at, ...contentOf(bytes) })}\n`;

function contentOf(bytes: Uint8Array): { text: string } | { base64: string } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isUtf8(buffer) ? { text: buffer.toString() } : { base64: buffer.toString('base64') };
}
