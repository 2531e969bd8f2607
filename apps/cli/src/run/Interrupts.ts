import { constants } from 'node:os';
import { exitOfSignal } from '../exitCodes.js';

export type OnInterrupt = 'cancel' | 'detach';

export interface InterruptActions {
  /** Ends the job; `again` the second time. */
  cancel(again: boolean): void;
  /** Leaves, while the job goes on as it is. */
  leave(exit: number): void;
}

/**
 * What signals mean while a job is followed: Ctrl-C cancels it, a second one again, a third one leaves. SIGTERM and SIGHUP
 * leave at once: somebody whose terminal or script went away did not ask for the job to end.
 */
export class Interrupts {
  #count = 0;
  readonly #actions: InterruptActions;
  readonly #onInterrupt: OnInterrupt;

  constructor(actions: InterruptActions, onInterrupt: OnInterrupt) {
    this.#actions = actions;
    this.#onInterrupt = onInterrupt;
  }

  /** Takes the signals of this process. Returns how to give them back. */
  listen(): () => void {
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    const hear = (signal: NodeJS.Signals): void => this.hear(signal);
    for (const signal of signals) process.on(signal, hear);
    return () => {
      for (const signal of signals) process.off(signal, hear);
    };
  }

  hear(signal: NodeJS.Signals): void {
    this.#count += 1;
    const leaves = signal !== 'SIGINT' || this.#onInterrupt === 'detach' || this.#count > 2;
    if (leaves) this.#actions.leave(exitOfSignal(constants.signals[signal]));
    else this.#actions.cancel(this.#count === 2);
  }
}
