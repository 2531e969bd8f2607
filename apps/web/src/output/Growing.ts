/** Numbers in one piece of memory that grows by doubling: a million of them are no object on the heap. */
export class Growing<A extends Uint8Array | Uint16Array | Uint32Array | Float64Array> {
  length = 0;
  #array: A;
  readonly #make: (length: number) => A;

  constructor(make: (length: number) => A, room = 64) {
    this.#make = make;
    this.#array = make(room);
  }

  push(value: number): void {
    if (this.length === this.#array.length) {
      const larger = this.#make(this.length * 2);
      larger.set(this.#array);
      this.#array = larger;
    }
    this.#array[this.length] = value;
    this.length += 1;
  }

  /** The value at an index; 0 beyond the end. */
  at(index: number): number {
    return index < this.length ? (this.#array[index] ?? 0) : 0;
  }

  /** The index of the last value that is not above `value`, in what is sorted; -1 if all are. */
  lastNotAbove(value: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#array[middle] ?? 0) <= value) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
