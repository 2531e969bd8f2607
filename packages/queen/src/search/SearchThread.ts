import { Worker } from 'node:worker_threads';
import { SkepError } from '@skep/protocol';
import type { ScanOptions, SearchPage } from './LineScanner.js';
import { END, type SearchReply } from './messages.js';

/** How long a thread may search one page, and all pages of one search: a page takes milliseconds, unless the expression does not end. */
const PAGE_MS = 3000;
const ALL_MS = 60_000;
/** The memory that a thread may need for itself. */
const HEAP_MB = 128;

interface Asked {
  resolve: (reply: SearchReply) => void;
  reject: (error: unknown) => void;
}

/** A thread that searches, seen from outside. Whatever it is given to search for, it ends in time and blocks nobody else. */
export class SearchThread {
  readonly #worker: Worker;
  /** Settled when it runs, or never will. */
  readonly #begun: Promise<void>;
  #asked: Asked | undefined;
  #failure: unknown;
  #leftMs = ALL_MS;

  constructor(entry: URL | string, options: ScanOptions) {
    this.#worker = new Worker(entry, { workerData: options, name: 'search', resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
    this.#worker.on('message', (reply: SearchReply) => this.#asked?.resolve(reply));
    this.#worker.on('error', (error) => this.#end(failureOf(error)));
    this.#begun = new Promise((resolve) => {
      this.#worker.once('online', resolve);
      this.#worker.once('exit', () => {
        this.#end(new SkepError('INTERNAL', 'The search was ended'));
        resolve();
      });
    });
  }

  /**
   * What is found in the next page, or, after the last of them, in all; asked one by one.
   * @throws SEARCH_TOO_SLOW, INVALID_MESSAGE where the expression cannot be run, INTERNAL
   */
  async ask(message: SearchPage | typeof END): Promise<SearchReply> {
    await this.#begun;
    if (this.#failure !== undefined) throw this.#failure;
    const begunAt = performance.now();
    const [mayTakeMs, limitMs] = this.#leftMs < PAGE_MS ? [this.#leftMs, ALL_MS] : [PAGE_MS, PAGE_MS];
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<SearchReply>((resolve, reject) => {
        this.#asked = { resolve, reject };
        const late = new SkepError('SEARCH_TOO_SLOW', `The search took more than ${limitMs / 1000} s`);
        timer = setTimeout(() => reject(late), mayTakeMs);
        this.#worker.postMessage(message, message === END ? [] : [message.memory.buffer]);
      });
    } finally {
      clearTimeout(timer);
      this.#asked = undefined;
      this.#leftMs -= performance.now() - begunAt;
    }
  }

  /** Ends it, whatever it is doing. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #end(failure: unknown): void {
    this.#failure ??= failure;
    this.#asked?.reject(this.#failure);
  }
}

/** What ended a thread: an expression that is too large to be run is the fault of who gave it. */
function failureOf(error: unknown): unknown {
  const { name, code, message } = error as NodeJS.ErrnoException;
  if (name !== 'RangeError' && name !== 'SyntaxError' && code !== 'ERR_WORKER_OUT_OF_MEMORY') return error;
  return new SkepError('INVALID_MESSAGE', `The expression cannot be run: ${message}`, { cause: error, hint: 'Make it simpler.' });
}
