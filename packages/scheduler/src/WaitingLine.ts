import { compareJobs, type Turn } from './compareJobs.js';

interface Node<T> {
  job: T;
  /** Jobs in the tree below, itself included. */
  size: number;
  left: Node<T> | undefined;
  right: Node<T> | undefined;
}

/** One side may weigh this many times as much as the other; a side weighs the number of its jobs plus one. */
const DELTA = 3;
/** A side that is too heavy is turned once if its inner part weighs less than this many times its outer part, else twice. */
const RATIO = 2;

/**
 * Jobs in the order in which they go, with the position of each: a weight-balanced tree, in which adding, removing and
 * counting cost a logarithm. (DELTA and RATIO are those for which Hirai and Yamamoto proved that it stays balanced:
 * "Balancing weight-balanced trees", 2011.)
 */
export class WaitingLine<T extends Turn> implements Iterable<T> {
  #root: Node<T> | undefined;
  #first: T | undefined;

  get size(): number {
    return sizeOf(this.#root);
  }

  /** The job that goes next. */
  get first(): T | undefined {
    return this.#first;
  }

  /** Adds a job that is not in the line yet. */
  add(job: T): void {
    this.#root = withJob(this.#root, job);
    if (this.#first === undefined || compareJobs(job, this.#first) < 0) this.#first = job;
  }

  /** Removes a job that is in the line. */
  remove(job: T): void {
    this.#root = withoutJob(this.#root, job);
    if (job === this.#first) this.#first = this.#root && firstOf(this.#root).job;
  }

  /** How many jobs of this line go before this job, which may be in another line. */
  countBefore(job: Turn): number {
    let count = 0;
    let node = this.#root;
    while (node) {
      if (compareJobs(node.job, job) < 0) {
        count += sizeOf(node.left) + 1;
        node = node.right;
      } else node = node.left;
    }
    return count;
  }

  /** The job that goes after this many others; there must be one. */
  at(index: number): T {
    let node = this.#root;
    let before = index;
    while (node) {
      const left = sizeOf(node.left);
      if (before === left) return node.job;
      if (before < left) node = node.left;
      else {
        before -= left + 1;
        node = node.right;
      }
    }
    throw new RangeError(`There is no job ${index} among ${this.size}`);
  }

  /** All jobs, the next first. */
  *[Symbol.iterator](): Iterator<T> {
    const path: Node<T>[] = [];
    let node = this.#root;
    while (node || path.length > 0) {
      for (; node; node = node.left) path.push(node);
      const next = path.pop() as Node<T>;
      yield next.job;
      node = next.right;
    }
  }
}

const sizeOf = <T>(node: Node<T> | undefined): number => node?.size ?? 0;

const weightOf = <T>(node: Node<T> | undefined): number => sizeOf(node) + 1;

function firstOf<T>(root: Node<T>): Node<T> {
  let node = root;
  while (node.left) node = node.left;
  return node;
}

function withJob<T extends Turn>(node: Node<T> | undefined, job: T): Node<T> {
  if (!node) return { job, size: 1, left: undefined, right: undefined };
  if (compareJobs(job, node.job) < 0) node.left = withJob(node.left, job);
  else node.right = withJob(node.right, job);
  return balanced(node);
}

function withoutJob<T extends Turn>(node: Node<T> | undefined, job: T): Node<T> | undefined {
  if (!node) return undefined;
  const side = compareJobs(job, node.job);
  if (side < 0) node.left = withoutJob(node.left, job);
  else if (side > 0) node.right = withoutJob(node.right, job);
  else if (!node.left || !node.right) return node.left ?? node.right;
  else {
    node.job = firstOf(node.right).job;
    node.right = withoutJob(node.right, node.job);
  }
  return balanced(node);
}

/** The same jobs with both sides within DELTA of each other again, after one job came or went. */
function balanced<T>(node: Node<T>): Node<T> {
  const { left, right } = node;
  node.size = sizeOf(left) + sizeOf(right) + 1;
  if (right && weightOf(right) > DELTA * weightOf(left)) {
    if (right.left && weightOf(right.left) >= RATIO * weightOf(right.right)) return turnedLeft(node, turnedRight(right, right.left));
    return turnedLeft(node, right);
  }
  if (left && weightOf(left) > DELTA * weightOf(right)) {
    if (left.right && weightOf(left.right) >= RATIO * weightOf(left.left)) return turnedRight(node, turnedLeft(left, left.right));
    return turnedRight(node, left);
  }
  return node;
}

function turnedLeft<T>(node: Node<T>, right: Node<T>): Node<T> {
  node.right = right.left;
  right.left = node;
  return resized(node, right);
}

function turnedRight<T>(node: Node<T>, left: Node<T>): Node<T> {
  node.left = left.right;
  left.right = node;
  return resized(node, left);
}

function resized<T>(lower: Node<T>, upper: Node<T>): Node<T> {
  lower.size = sizeOf(lower.left) + sizeOf(lower.right) + 1;
  upper.size = sizeOf(upper.left) + sizeOf(upper.right) + 1;
  return upper;
}
