/** Tells who wants to know of every change to a job: events were added, or its status is another. */
export interface EventHub {
  /** Calls back at every change, until the returned function is called. */
  subscribe(jobId: string, listener: () => void): () => void;
}

/** Whether anything has changed since one last looked. News that comes while one reads is kept, so none is missed. */
export class News {
  #fresh = false;
  #wake: (() => void) | undefined;
  readonly #signal: AbortSignal;
  readonly #unsubscribe: () => void;
  readonly #hear = (): void => {
    this.#fresh = true;
    this.#wake?.();
  };

  /** Listens until it is closed; the signal counts as news. */
  constructor(hub: EventHub, jobId: string, signal: AbortSignal) {
    this.#signal = signal;
    this.#unsubscribe = hub.subscribe(jobId, this.#hear);
    signal.addEventListener('abort', this.#hear);
  }

  /** Forgets what has come so far; to be called before reading. */
  forget(): void {
    this.#fresh = this.#signal.aborted;
  }

  /** Waits for news, but no longer than `atMostMs`; not at all if there is some already. */
  async wait(atMostMs: number): Promise<void> {
    if (this.#fresh) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, atMostMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }

  close(): void {
    this.#unsubscribe();
    this.#signal.removeEventListener('abort', this.#hear);
  }
}
