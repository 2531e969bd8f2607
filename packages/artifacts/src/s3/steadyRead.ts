import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often it is asked again without a byte more, and how long before the first time. */
const TRIES = 4;
const AGAIN_MS = 200;

/** The rest of a content, on its way. */
export interface Rest {
  body: Readable;
  /** How many bytes are to come. */
  bytes: number;
}

/**
 * Reads a content whose connection may break: it is asked for again from the first byte that is missing.
 * @param open asks for it from a byte on
 * @throws what the first `open` throws, before anything is read; the last ones while it is read
 */
export async function steadyRead(open: (from: number) => Promise<Rest>, first: number): Promise<Readable> {
  let rest = await open(first);
  const end = first + rest.bytes;

  async function* bytes(): AsyncGenerator<Uint8Array> {
    for (let at = first, tries = 0; ; ) {
      try {
        for await (const piece of rest.body as AsyncIterable<Uint8Array>) {
          at += piece.length;
          tries = 0;
          yield piece;
        }
        if (at >= end) return;
        throw new Error(`the answer ended ${end - at} bytes too early`);
      } catch (error) {
        if (at >= end) return;
        if (++tries > TRIES) throw error;
        await sleep(AGAIN_MS * 2 ** (tries - 1));
        rest = await open(at);
      }
    }
  }

  const readable = Readable.from(bytes());
  // Whoever leaves before the first byte leaves an answer open that nobody reads.
  readable.once('close', () => rest.body.destroy());
  return readable;
}
