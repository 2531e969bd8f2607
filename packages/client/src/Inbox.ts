import { JobSummary, parseAs, SkepError, toSkepError, WatchFrame } from '@skep/protocol';
import { asSkepError } from './answers.js';
import type { SummaryItem } from './followItem.js';
import type { Link } from './Link.js';

/** A frame, and how the queen is told that it was taken. */
interface FrameLetter {
  type: 'frame';
  frame: WatchFrame;
  /** Whether it came before the answer to the watch: it may belong to the watch before. */
  isEarly: boolean;
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
  #isAnswered = false;
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
      link.on('error:invalid', (event, body, of) => {
        if (event === 'job:watch' && of === id) this.#fail(asSkepError(body) ?? new SkepError('STORE_FAILED'));
      }),
      link.on('job:frame', (raw, ack) => {
        if (!isFrameOf(id, raw)) return;
        const { connection } = link;
        const acknowledge = (): void => {
          // On a later connection the number of this acknowledgement would be that of another frame.
          if (link.connection === connection && link.isConnected && typeof ack === 'function') ack();
        };
        const isEarly = !this.#isAnswered;
        this.#put(() => ({ type: 'frame', frame: parseAs(WatchFrame, raw, 'job:frame'), isEarly, acknowledge }));
      }),
    ];
  }

  /** A watch is about to be asked for: what came for an earlier one comes again. */
  begin(): void {
    this.#letters = [];
    this.#isLost = false;
    this.#isAnswered = false;
  }

  /** The watch stands. */
  answered(): void {
    this.#isAnswered = true;
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
      this.#fail(toSkepError(error));
    }
    this.#wake?.();
  }

  #fail(error: SkepError): void {
    this.#failure ??= error;
    this.#wake?.();
  }
}

const isFrameOf = (id: string, raw: unknown): boolean => typeof raw === 'object' && raw !== null && 'id' in raw && raw.id === id;
