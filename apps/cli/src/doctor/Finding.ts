/** What one look found. */
export interface Finding {
  /** What was looked at, in a word or two. */
  what: string;
  /** `note`: it works, and somebody should know; `wrong`: something will not work. */
  state: 'ok' | 'note' | 'wrong';
  words: string;
  /** What to do about it. */
  hint?: string;
}

export const ok = (what: string, words: string): Finding => ({ what, state: 'ok', words });
export const note = (what: string, words: string, hint: string): Finding => ({ what, state: 'note', words, hint });
export const wrong = (what: string, words: string, hint: string): Finding => ({ what, state: 'wrong', words, hint });
