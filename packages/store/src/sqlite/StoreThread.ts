import { Worker } from 'node:worker_threads';
import { SkepError } from '@skep/protocol';
import { CLOSE, type ThreadData, type ThreadMessage } from './messages.js';
import { storeError } from './storeError.js';

interface Call {
  resolve: (value: unknown) => void;
  reject: (error: SkepError) => void;
}

/** One thread of the store, seen from outside: calls go in, and each is settled, at the latest when the thread dies. */
export class StoreThread {
  #worker: Worker;
  #calls = new Map<number, Call>();
  #nextId = 0;
  /** Why there can be no more calls. */
  #ended: SkepError | undefined;
  #opened: Promise<void>;
  #exited: Promise<void>;

  private constructor(entry: URL | string, data: ThreadData) {
    this.#worker = new Worker(entry, { workerData: data, name: `store ${data.role}` });
    this.#exited = new Promise((resolve) => this.#worker.once('exit', () => resolve()));
    this.#opened = new Promise((resolve, reject) => {
      this.#worker.on('message', (message: ThreadMessage) => {
        if (message.type === 'open') resolve();
        else if (message.type === 'failed') reject(storeError(message.failure));
        else this.#settle(message.calls);
      });
      this.#worker.on('error', (error) =>
        this.#end(new SkepError('STORE_FAILED', `The ${data.role} of the store has died`, { cause: error })),
      );
      this.#worker.on('exit', () => {
        this.#end(new SkepError('STORE_FAILED', `The ${data.role} of the store has ended`));
        reject(this.#ended);
      });
    });
  }

  /** Starts a thread. @throws {SkepError} if it cannot open the store */
  static async start(entry: URL | string, data: ThreadData): Promise<StoreThread> {
    const thread = new StoreThread(entry, data);
    try {
      await thread.#opened;
      return thread;
    } catch (error) {
      await thread.#exited;
      throw error;
    }
  }

  /** A call that will be settled under the id that it is given. */
  register<T>(): { id: number; settled: Promise<T> } {
    const id = this.#nextId++;
    if (this.#ended) return { id, settled: Promise.reject(this.#ended) };
    const settled = new Promise<T>((resolve, reject) => this.#calls.set(id, { resolve: resolve as (value: unknown) => void, reject }));
    return { id, settled };
  }

  send(message: object, transfer: ArrayBuffer[] = []): void {
    if (!this.#ended) this.#worker.postMessage(message, transfer);
  }

  /** Lets the thread carry out what it was asked, and end. */
  async close(): Promise<void> {
    this.#worker.postMessage(CLOSE);
    await this.#exited;
  }

  #settle(calls: Extract<ThreadMessage, { type: 'settled' }>['calls']): void {
    for (const settled of calls) {
      const call = this.#calls.get(settled.id);
      this.#calls.delete(settled.id);
      if ('failure' in settled) call?.reject(storeError(settled.failure));
      else call?.resolve(settled.value);
    }
  }

  #end(reason: SkepError): void {
    this.#ended ??= reason;
    for (const call of this.#calls.values()) call.reject(this.#ended);
    this.#calls.clear();
  }
}
