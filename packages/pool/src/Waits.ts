import type { SkepError } from '@skep/protocol';

interface Wait {
  isSo(): boolean;
  /** What is not so yet, in words; absent if it waits however much fails. */
  readonly what: string | undefined;
  resolve(): void;
  reject(error: SkepError): void;
}

/** Those who wait for a pool to come to some state. */
export class Waits {
  readonly #waits = new Set<Wait>();

  /** Settles when it is so. If `what` is given it rejects when the pool gives up. Nobody has to wait for it. */
  until(isSo: () => boolean, what?: string): Promise<void> {
    const promise = new Promise<void>((resolve, reject) => {
      this.#waits.add({ isSo, what, resolve, reject });
      this.check();
    });
    return mayBeLeft(promise);
  }

  /** Something has changed. */
  check(): void {
    for (const wait of this.#waits) {
      if (!wait.isSo()) continue;
      this.#waits.delete(wait);
      wait.resolve();
    }
  }

  /** Nothing is to be hoped for. */
  fail(errorOf: (what: string) => SkepError): void {
    for (const wait of this.#waits) {
      if (wait.what === undefined) continue;
      this.#waits.delete(wait);
      wait.reject(errorOf(wait.what));
    }
  }
}

/** Who does not wait for it hears of failures by events; a rejection that nobody takes would end the whole process. */
export function mayBeLeft(promise: Promise<void>): Promise<void> {
  promise.catch(() => {});
  return promise;
}
