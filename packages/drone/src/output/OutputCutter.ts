import { CHUNK_BYTES, type Stream } from '@skep/protocol';

/** A piece of output that is ready to be told. */
export interface Chunk {
  readonly stream: Stream;
  readonly bytes: Buffer;
  /** What this stands for, where it says that output was left out, in bytes. */
  readonly cut?: { readonly bytes: number; readonly limit: number };
}

const NEWLINE = 0x0a;

/**
 * Cuts what a command writes into chunks of at most 64 KiB that end at a line end where they can, and never inside a
 * UTF-8 character: in text every chunk decodes alone. It has no clock: whoever feeds it calls `rest` when it has waited
 * long enough for the end of a line. The chunks of a stream, put together, are what was fed.
 */
export class OutputCutter {
  /** What waits for the end of its line, of one stream at a time. */
  #line: Chunk | undefined;
  /** At most 3 bytes of a character that is not whole yet, by stream. */
  readonly #halves: Record<Stream, Buffer | undefined> = { stdout: undefined, stderr: undefined };

  /** Whether a piece of a line waits that `rest` would give out. */
  get isWaiting(): boolean {
    return this.#line !== undefined;
  }

  /** All chunks that are ready with these bytes; what waited of the other stream comes first, as it was written first. */
  feed(stream: Stream, bytes: Buffer): Chunk[] {
    const chunks = this.#line && this.#line.stream !== stream ? this.rest() : [];
    const data = this.#joined(stream, bytes);
    const lines = data.lastIndexOf(NEWLINE) + 1;
    let at = 0;
    while (data.length - at >= CHUNK_BYTES || at < lines) {
      const end = cutAt(data, at, lines);
      if (end === at) break;
      chunks.push({ stream, bytes: data.subarray(at, end) });
      at = end;
    }
    this.#hold(stream, data.subarray(at));
    return chunks;
  }

  /** What waits for the end of its line, as far as its characters are whole. */
  rest(): Chunk[] {
    const line = this.#line;
    this.#line = undefined;
    return line ? [line] : [];
  }

  /** All that is left, when nothing more comes. */
  end(): Chunk[] {
    const chunks = this.rest();
    for (const stream of ['stdout', 'stderr'] as const) {
      const half = this.#halves[stream];
      if (half) chunks.push({ stream, bytes: half });
      this.#halves[stream] = undefined;
    }
    return chunks;
  }

  #joined(stream: Stream, bytes: Buffer): Buffer {
    const waiting = [this.#line?.bytes, this.#halves[stream]].filter((part) => part !== undefined);
    this.#line = undefined;
    this.#halves[stream] = undefined;
    return waiting.length === 0 ? bytes : Buffer.concat([...waiting, bytes]);
  }

  #hold(stream: Stream, bytes: Buffer): void {
    const whole = bytes.length - halfCharacter(bytes);
    if (whole > 0) this.#line = { stream, bytes: bytes.subarray(0, whole) };
    if (whole < bytes.length) this.#halves[stream] = bytes.subarray(whole);
  }
}

/** Where the chunk from `at` ends: at the last line end within 64 KiB, else at the last whole character; `lines` is where the last line of all ends. */
function cutAt(data: Buffer, at: number, lines: number): number {
  const most = Math.min(at + CHUNK_BYTES, data.length);
  if (lines > at && lines <= most) return lines;
  const line = lines > most ? data.lastIndexOf(NEWLINE, most - 1) + 1 : 0;
  return line > at ? line : most - halfCharacter(data.subarray(at, most));
}

/** How many bytes at the end (0 to 3) begin a UTF-8 character that is not whole. */
export function halfCharacter(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] as number;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 && byte < 0xf8 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return byte < 0xf8 && length > back ? back : 0;
  }
  return 0;
}
