/** A few buffers that are handed out in turn, so that any number of uploads at once holds no more memory than these. */
export class PartBuffers {
  readonly #free: Buffer[] = [];
  readonly #waiting: ((buffer: Buffer) => void)[] = [];
  #unmade: number;

  constructor(count: number) {
    this.#unmade = count;
  }

  /** Calls a function with a buffer of at least so many bytes, when one is free. */
  async with<T>(bytes: number, use: (buffer: Buffer) => Promise<T>): Promise<T> {
    let buffer = await this.#take();
    if (buffer.length < bytes) buffer = Buffer.allocUnsafeSlow(bytes);
    try {
      return await use(buffer);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(buffer);
      else this.#free.push(buffer);
    }
  }

  #take(): Buffer | Promise<Buffer> {
    const free = this.#free.pop();
    if (free) return free;
    if (this.#unmade === 0) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#unmade -= 1;
    return Buffer.alloc(0);
  }
}
