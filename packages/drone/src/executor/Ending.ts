import type { AbortReason } from './AttemptContext.js';

/** The longest that one timer can wait. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Why an attempt is ended before its end: the first reason stands, and aborts what runs. */
export class Ending {
  readonly #controller = new AbortController();
  #reason: AbortReason | undefined;

  /** @param outside ends the attempt from outside, with an AbortReason */
  constructor(outside: AbortSignal) {
    const follow = (): void => this.end(reasonOf(outside.reason));
    if (outside.aborted) follow();
    else outside.addEventListener('abort', follow, { once: true, signal: this.signal });
  }

  /** Aborted, with the reason, once there is one. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get reason(): AbortReason | undefined {
    return this.#reason;
  }

  end(reason: AbortReason): void {
    if (this.#reason) return;
    this.#reason = reason;
    this.#controller.abort(reason);
  }

  /**
   * Ends the attempt as timed out when `jobMs` are over, or nothing was heard of it for `silenceMs`.
   * @param heardAt when something was heard last, by performance.now()
   * @returns stops the watch
   */
  watch(jobMs: number, silenceMs: number, heardAt: () => number): () => void {
    const jobUntil = performance.now() + jobMs;
    let timer: NodeJS.Timeout;
    const look = (): void => {
      const now = performance.now();
      const silentUntil = heardAt() + silenceMs;
      if (now >= jobUntil) this.end({ code: 'timed-out', message: `no end after ${jobMs / 1000} s` });
      else if (now >= silentUntil) this.end({ code: 'timed-out', message: `silent for ${silenceMs / 1000} s` });
      else timer = setTimeout(look, Math.min(LONGEST_TIMER_MS, Math.ceil(Math.min(jobUntil, silentUntil) - now)));
    };
    look();
    return () => clearTimeout(timer);
  }
}

function reasonOf(reason: unknown): AbortReason {
  if (typeof reason === 'object' && reason !== null && 'code' in reason && 'message' in reason)
    return { code: String(reason.code), message: String(reason.message) };
  return { code: 'cancelled', message: 'cancelled' };
}
