const NEWLINE = 10;

/** Puts the time before each line of output that comes in chunks. */
export class Timestamps {
  #open: string | undefined;

  /**
   * @param at Unix ms
   * @param source who wrote it: a line that another one left open is ended first
   */
  stamp(bytes: Uint8Array, at: number, source: string): Uint8Array {
    const prefix = Buffer.from(`${new Date(at).toISOString()} `);
    const parts: Uint8Array[] = [];
    if (this.#open !== undefined && this.#open !== source) {
      parts.push(Buffer.from('\n'));
      this.#open = undefined;
    }
    for (let from = 0; from < bytes.length; ) {
      const end = bytes.indexOf(NEWLINE, from) + 1 || bytes.length;
      if (this.#open === undefined) parts.push(prefix);
      parts.push(bytes.subarray(from, end));
      this.#open = bytes[end - 1] === NEWLINE ? undefined : source;
      from = end;
    }
    return Buffer.concat(parts);
  }
}
