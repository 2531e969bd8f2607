/** Lets those who name the same thing have it one after the other. */
export class Alone {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Does something when all who named this before have done theirs. */
  async with<T>(name: string, perform: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name);
    const performed = before ? before.then(perform, perform) : perform();
    this.#last.set(name, performed);
    try {
      return await performed;
    } finally {
      if (this.#last.get(name) === performed) this.#last.delete(name);
    }
  }
}
