import { JobSummary, parseAs, type SkepError, toSkepError, WatchFrame } from '@skep/protocol';
import type { SummaryItem } from './followItem.js';
import type { Link } from './Link.js';

/** A frame, and how the queen is told that it was taken. */
interface FrameLetter {
  type: 'frame';
  frame: WatchFrame;
  acknowledge(): void;
}

type Letter = FrameLetter | SummaryItem;

/**
 * What the queen said of one job on the present connection and nobody has taken yet. It holds no more than the
 * queen's window of frames, for each is acknowledged only when it was taken.
 */
export class Inbox {
  readonly #stops: (() => void)[];
  readonly #signal: AbortSignal | undefined;
  #letters: Letter[] = [];
  #isLost = false;
  #failure: SkepError | undefined;
  #wake: (() => void) | undefined;

  constructor(link: Link, id: string, signal?: AbortSignal) {
    const rouse = (): void => this.#wake?.();
    this.#signal = signal;
    signal?.addEventListener('abort', rouse);
    this.#stops = [
      () => signal?.removeEventListener('abort', rouse),
      link.on('disconnect', () => {
        this.#isLost = true;
        rouse();
      }),
      link.on('job:summary', (of, summary) => {
        if (of === id) this.#put(() => ({ type: 'summary', summary: parseAs(JobSummary, summary, 'job:summary') }));
      }),
      link.on('job:frame', (raw, ack) => {
        if (!isFrameOf(id, raw)) return;
        const { connection } = link;
        const acknowledge = (): void => {
          // On a later connection the number of this acknowledgement would be that of another frame.
          if (link.connection === connection && link.isConnected && typeof ack === 'function') ack();
        };
        this.#put(() => ({ type: 'frame', frame: parseAs(WatchFrame, raw, 'job:frame'), acknowledge }));
      }),
    ];
  }

  /** A watch begins: frames of an earlier one are forgotten, for they come again. */
  begin(): void {
    this.#letters = this.#letters.filter(({ type }) => type === 'summary');
    this.#isLost = false;
  }

  /** The next letter; `lost` if the connection is, `aborted` if nobody wants more. @throws INVALID_MESSAGE */
  async take(): Promise<Letter | 'lost' | 'aborted'> {
    for (;;) {
      if (this.#signal?.aborted) return 'aborted';
      if (this.#failure) throw this.#failure;
      if (this.#isLost) return 'lost';
      const letter = this.#letters.shift();
      if (letter) return letter;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#wake?.();
  }

  #put(read: () => Letter): void {
    try {
      this.#letters.push(read());
    } catch (error) {
      this.#failure ??= toSkepError(error);
    }
    this.#wake?.();
  }
}

const isFrameOf = (id: string, raw: unknown): boolean => typeof raw === 'object' && raw !== null && 'id' in raw && raw.id === id;
