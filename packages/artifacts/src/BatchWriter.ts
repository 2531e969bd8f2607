import type { FileHandle } from 'node:fs/promises';

/** What is gathered and written at once: a write costs more than what it writes. */
const BATCH_BYTES = 1024 * 1024;
/** Of pieces that small no more is gathered. */
const BATCH_PIECES = 256;

/** Writes to the end of a file what comes in pieces, while the next ones come. What is in the file is always what came first. */
export class BatchWriter {
  #batch: Uint8Array[] = [];
  #bytes = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(private readonly handle: FileHandle) {}

  /** Takes a piece. Resolved when the next may come. @throws what the system said of an earlier one */
  async add(piece: Uint8Array): Promise<void> {
    this.#batch.push(piece);
    this.#bytes += piece.byteLength;
    if (this.#bytes >= BATCH_BYTES || this.#batch.length >= BATCH_PIECES) await this.#write();
  }

  /** Resolved when all is written. @throws what the system said; also when it is called again */
  async end(): Promise<void> {
    await this.#write();
    await this.#writing;
  }

  async #write(): Promise<void> {
    await this.#writing;
    const batch = this.#batch;
    this.#batch = [];
    this.#bytes = 0;
    this.#writing = writeAll(this.handle, batch);
    this.#writing.catch(() => undefined);
  }
}

async function writeAll(handle: FileHandle, pieces: Uint8Array[]): Promise<void> {
  while (pieces.length > 0) {
    let { bytesWritten } = await handle.writev(pieces);
    while (pieces[0] && bytesWritten >= pieces[0].byteLength) bytesWritten -= pieces.shift()?.byteLength ?? 0;
    if (pieces[0]) pieces[0] = pieces[0].subarray(bytesWritten);
  }
}
