/** How many of the last steps are kept; `SIM_TRACE=100000` shows a run from its beginning. */
const KEPT = Number(process.env.SIM_TRACE ?? 160);

/** What happened last, for people who look for the cause of a failure. Lines are made only when they are read. */
export class Trace {
  readonly #lines: unknown[][] = [];
  #next = 0;

  constructor(private readonly now: () => number) {}

  note(...words: unknown[]): void {
    this.#lines[this.#next % KEPT] = [this.now(), ...words];
    this.#next += 1;
  }

  toString(): string {
    const from = Math.max(0, this.#next - KEPT);
    const lines = Array.from({ length: this.#next - from }, (_, i) => this.#lines[(from + i) % KEPT] ?? []);
    return lines.map(([at, ...words]) => `${((at as number) / 1000).toFixed(3).padStart(10)}  ${words.map(shown).join(' ')}`).join('\n');
  }
}

function shown(word: unknown): string {
  if (typeof word === 'string') return word;
  if (word instanceof Error) return `${word.name}: ${word.message}`;
  const text = JSON.stringify(word) ?? String(word);
  return text.length > 160 ? `${text.slice(0, 160)}...` : text;
}
