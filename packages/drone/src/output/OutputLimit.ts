import { type Chunk, halfCharacter } from './OutputCutter.js';
import { OutputTail } from './OutputTail.js';

/** The newest output that is held back of what may be over the limit, per attempt, in memory. */
const TAIL_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * Keeps the output of one attempt within a limit: its head, and the tail of each command, with a line for what is missing
 * between them. All passes at once up to 1 MiB below the limit (or half of it, if that is more); from then on the newest
 * bytes are held back until their command ends. If all of them are within the limit they come whole; else each command
 * that is cut takes half of what is left.
 */
export class OutputLimit {
  readonly #maxBytes: number;
  /** How much may still be told, ... */
  #left: number;
  /** ... and how much of that is kept for the tail. */
  readonly #tailBytes: number;
  readonly #tail = new OutputTail();
  #isHolding = false;
  #isInLine = false;
  #dropped = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#left = maxBytes;
    this.#tailBytes = Math.min(TAIL_BYTES, Math.ceil(maxBytes / 2));
  }

  /** Takes a piece of output. @returns what of it is told now */
  pass(chunk: Chunk): Chunk[] {
    if (this.#isHolding) return this.#hold(chunk);
    const room = this.#left - this.#tailBytes;
    if (chunk.bytes.length <= room) return [this.#told(chunk)];
    this.#isHolding = true;
    const { stream, bytes } = chunk;
    const cut = headOf(bytes, room);
    this.#hold({ stream, bytes: bytes.subarray(cut) });
    return cut > 0 ? [this.#told({ stream, bytes: bytes.subarray(0, cut) })] : [];
  }

  /** The command, or the attempt, has ended. @returns what is told before that */
  end(): Chunk[] {
    if (this.#dropped === 0) return this.#tail.take().map((chunk) => this.#told(chunk));
    // The longest that the line can become, with the end of the one before it, so that it fits whatever is dropped to make room for it.
    const lineBytes = this.#line(Number.MAX_SAFE_INTEGER).length + 1;
    this.#dropped += this.#tail.shrink(Math.max(0, Math.floor(this.#left / 2) - lineBytes));
    if (this.#left < lineBytes) return [];
    const cut = { bytes: this.#dropped, limit: this.#maxBytes };
    const lines: Chunk[] = this.#isInLine ? [{ stream: 'stderr', bytes: Buffer.from('\n') }] : [];
    lines.push({ stream: 'stderr', bytes: this.#line(this.#dropped), cut });
    this.#dropped = 0;
    return [...lines, ...this.#tail.take()].map((chunk) => this.#told(chunk));
  }

  #hold(chunk: Chunk): [] {
    this.#tail.push(chunk);
    this.#dropped += this.#tail.shrink(this.#left);
    return [];
  }

  #told(chunk: Chunk): Chunk {
    this.#left -= chunk.bytes.length;
    this.#isInLine = chunk.bytes.at(-1) !== NEWLINE;
    return chunk;
  }

  #line(bytes: number): Buffer {
    return Buffer.from(`[skep: ${bytes} bytes of output left out here: over the limit of ${this.#maxBytes}]\n`);
  }
}

/** Where the head of these bytes ends that has at most so many: after a line if it can, else after a whole character. */
function headOf(bytes: Buffer, atMost: number): number {
  if (atMost <= 0) return 0;
  const line = bytes.lastIndexOf(NEWLINE, atMost - 1) + 1;
  return line > 0 ? line : atMost - halfCharacter(bytes.subarray(0, atMost));
}
