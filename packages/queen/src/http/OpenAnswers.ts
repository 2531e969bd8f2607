import type { Response } from 'express';
import type { Access } from './access.js';

/** Answers that are being sent, by the name of the token that opened them: when one is taken back, they are cut off. */
export class OpenAnswers {
  readonly #byToken = new Map<string, Set<Response>>();

  constructor(access: Pick<Access, 'onTokenDropped'>) {
    access.onTokenDropped((name) => {
      for (const response of this.#byToken.get(name) ?? []) response.destroy();
    });
  }

  /** @param token undefined where none was needed */
  add(token: string | undefined, response: Response): void {
    if (token === undefined || response.closed) return;
    const open = this.#byToken.get(token) ?? new Set();
    this.#byToken.set(token, open.add(response));
    response.once('close', () => {
      open.delete(response);
      if (open.size === 0 && this.#byToken.get(token) === open) this.#byToken.delete(token);
    });
  }
}
