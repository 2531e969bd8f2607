const NEWLINE = 10;

/** Puts a text before each line of a stream whose pieces end anywhere. */
export class LinePrefix {
  readonly #prefix: Buffer;
  #rest: Buffer = Buffer.alloc(0);

  constructor(prefix: string) {
    this.#prefix = Buffer.from(prefix);
  }

  /** The whole lines that there are with this piece; what has no end yet is kept. */
  take(bytes: Uint8Array): Buffer {
    const all = Buffer.concat([this.#rest, bytes]);
    const end = all.lastIndexOf(NEWLINE) + 1;
    this.#rest = all.subarray(end);
    return this.#withPrefix(all.subarray(0, end));
  }

  /** What is left when nothing more comes: a line that has no end is given one. */
  end(): Buffer {
    if (this.#rest.length === 0) return this.#rest;
    const last = Buffer.concat([this.#rest, Buffer.from([NEWLINE])]);
    this.#rest = Buffer.alloc(0);
    return this.#withPrefix(last);
  }

  #withPrefix(lines: Buffer): Buffer {
    const pieces: Buffer[] = [];
    for (let from = 0; from < lines.length; ) {
      const end = lines.indexOf(NEWLINE, from) + 1;
      pieces.push(this.#prefix, lines.subarray(from, end));
      from = end;
    }
    return Buffer.concat(pieces);
  }
}
