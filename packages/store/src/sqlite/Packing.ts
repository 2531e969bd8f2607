/**
 * Output of many events in one piece of memory, which goes to the other thread without being copied again. (A view sent
 * by itself takes the whole memory behind it along.)
 */
export class Packing {
  #chunks: Uint8Array[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** Adds a chunk, which must not change until `packed`. @returns where in the memory it will lie, in bytes */
  add(chunk: Uint8Array): number {
    const from = this.#bytes;
    this.#chunks.push(chunk);
    this.#bytes += chunk.byteLength;
    return from;
  }

  /** All chunks one behind the other. */
  packed(): Uint8Array<ArrayBuffer> {
    const memory = new Uint8Array(this.#bytes);
    let from = 0;
    for (const chunk of this.#chunks) {
      memory.set(chunk, from);
      from += chunk.byteLength;
    }
    return memory;
  }
}
