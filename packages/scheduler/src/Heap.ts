/** A value and its place in one heap: what makes moving and removing it cost a logarithm. */
export interface HeapNode<T> {
  readonly value: T;
  /** Its place in the heap's array; -1 while it is in none. */
  index: number;
}

/** A node that is in no heap yet. */
export const heapNode = <T>(value: T): HeapNode<T> => ({ value, index: -1 });

/** A binary heap whose values may change their order while they are in it: `put` again after each such change. */
export class Heap<T> implements Iterable<T> {
  readonly #nodes: HeapNode<T>[] = [];
  readonly #compare: (a: T, b: T) => number;

  /** @param compare negative if `a` comes first */
  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#nodes.length;
  }

  /** The value that comes before all others. */
  get first(): T | undefined {
    return this.#nodes[0]?.value;
  }

  /** Puts the node in, or, if it is in, where it now belongs. Between two calls only one value in the heap may change. */
  put(node: HeapNode<T>): void {
    if (node.index < 0) {
      node.index = this.#nodes.length;
      this.#nodes.push(node);
    }
    this.#settle(node);
  }

  /** Takes the node out, if it is in. */
  remove(node: HeapNode<T>): void {
    if (node.index < 0) return;
    const hole = node.index;
    node.index = -1;
    const last = this.#nodes.pop();
    if (last === undefined || last === node) return;
    last.index = hole;
    this.#settle(last);
  }

  /** All values, in no particular order. */
  *[Symbol.iterator](): Iterator<T> {
    for (const node of this.#nodes) yield node.value;
  }

  /** Moves the node from its index up or down to where it belongs, and writes it there. */
  #settle(node: HeapNode<T>): void {
    if (!this.#rise(node)) this.#sink(node);
  }

  #rise(node: HeapNode<T>): boolean {
    const nodes = this.#nodes;
    const from = node.index;
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = nodes[above] as HeapNode<T>;
      if (this.#compare(node.value, parent.value) >= 0) break;
      nodes[at] = parent;
      parent.index = at;
      at = above;
    }
    nodes[at] = node;
    node.index = at;
    return at < from;
  }

  #sink(node: HeapNode<T>): void {
    const nodes = this.#nodes;
    let at = node.index;
    for (;;) {
      let below = 2 * at + 1;
      let child = nodes[below];
      if (child === undefined) break;
      const other = nodes[below + 1];
      if (other !== undefined && this.#compare(other.value, child.value) < 0) {
        child = other;
        below++;
      }
      if (this.#compare(node.value, child.value) <= 0) break;
      nodes[at] = child;
      child.index = at;
      at = below;
    }
    nodes[at] = node;
    node.index = at;
  }
}
