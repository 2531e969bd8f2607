interface Entry {
  readonly at: number;
  readonly order: number;
  call: (() => void) | undefined;
}

/** Time that passes only from one thing that is due to the next. What is due at one instant comes in the order in which it was asked for. */
export class VirtualTime {
  /** Milliseconds since the beginning. */
  now = 0;
  readonly #heap: Entry[] = [];
  #order = 0;

  /** Calls once after so many milliseconds. @returns cancels it */
  after(ms: number, call: () => void): () => void {
    return this.at(this.now + ms, call);
  }

  /** Calls once at this instant, or now if it is past. @returns cancels it */
  at(instant: number, call: () => void): () => void {
    const entry: Entry = { at: Math.max(this.now, instant), order: this.#order++, call };
    this.#push(entry);
    return () => {
      entry.call = undefined;
    };
  }

  /** Goes on to the next thing that is due and does it. @returns whether there was one */
  step(): boolean {
    for (let entry = this.#pop(); entry; entry = this.#pop()) {
      if (!entry.call) continue;
      this.now = entry.at;
      entry.call();
      return true;
    }
    return false;
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(entry, heap[parent] as Entry)) break;
      heap[at] = heap[parent] as Entry;
      at = parent;
    }
    heap[at] = entry;
  }

  #pop(): Entry | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!last || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Entry, heap[child] as Entry)) child += 1;
      if (!isBefore(heap[child] as Entry, last)) break;
      heap[at] = heap[child] as Entry;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

const isBefore = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
