import { type ColourWish, type Paint, painter, wantsColour } from './paint.js';

const CLEAR_LINE = '\r\u001b[2K';
const NEWLINE = 10;

export interface Streams {
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
}

export interface TerminalOptions extends Streams {
  color: ColourWish;
  env: Readonly<Record<string, string | undefined>>;
  /** Whether skep's own remarks are left out. */
  quiet?: boolean;
}

/** Where a command writes: results and a job's output as they are, our own words on stderr after `skep:`. */
export class Terminal {
  readonly paint: Paint;
  readonly paintErr: Paint;
  readonly isTty: boolean;
  /** Whether results, and the output of jobs, may have colours. */
  readonly hasColours: boolean;
  readonly #options: TerminalOptions;
  #status = '';
  #isMidLine = false;

  constructor(options: TerminalOptions) {
    const { stdout, stderr, color, env } = options;
    this.#options = options;
    this.hasColours = wantsColour(color, env, stdout.isTTY);
    this.paint = painter(this.hasColours);
    this.paintErr = painter(wantsColour(color, env, stderr.isTTY));
    this.isTty = stderr.isTTY && env.TERM !== 'dumb';
  }

  /** A line of the result, to stdout. */
  async line(text = ''): Promise<void> {
    await this.#write('stdout', `${text}\n`);
  }

  /** A value of the result as JSON, on one line. */
  async json(value: unknown): Promise<void> {
    await this.line(JSON.stringify(value));
  }

  /** Bytes as they are. Resolved when the stream takes more, so that a slow reader slows whoever writes. */
  async bytes(stream: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void> {
    this.endStatus();
    if (this.#options[stream].isTTY) this.#isMidLine = bytes.at(-1) !== NEWLINE;
    await this.#write(stream, bytes);
  }

  /** A remark of skep's own. */
  remark(text: string): void {
    if (this.#options.quiet) return;
    this.endStatus();
    this.#options.stderr.write(`${this.#lineBreak()}${this.paintErr('dim', `skep: ${text}`)}\n`);
  }

  /** What is going on: one line that changes on a terminal, a line for each change elsewhere. */
  status(text: string): void {
    if (this.#options.quiet || text === this.#status) return;
    if (!this.isTty) {
      this.remark(text);
      this.#status = text;
      return;
    }
    this.#status = text;
    const room = Math.max(20, this.#options.stderr.columns || 80) - 1;
    this.#options.stderr.write(`${CLEAR_LINE}${this.#lineBreak()}${this.paintErr('dim', `skep: ${text}`.slice(0, room))}`);
  }

  /** Takes the changing line away. */
  endStatus(): void {
    // Elsewhere it is a line like any other, and is not said again before it changes.
    if (this.#status === '' || !this.isTty) return;
    this.#options.stderr.write(CLEAR_LINE);
    this.#status = '';
  }

  /** A line on stderr that is no remark: an error, or the word that a server is ready. */
  notice(text: string): void {
    this.endStatus();
    this.#options.stderr.write(`${this.#lineBreak()}${text}\n`);
  }

  /** A job whose last line had no end must not share it with our words. */
  #lineBreak(): string {
    const needed = this.#isMidLine && this.#options.stderr.isTTY;
    this.#isMidLine = false;
    return needed ? '\n' : '';
  }

  async #write(name: 'stdout' | 'stderr', data: Uint8Array | string): Promise<void> {
    const stream = this.#options[name];
    if (stream.write(data)) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        stream.off('drain', end);
        stream.off('close', end);
        resolve();
      };
      stream.on('drain', end);
      stream.on('close', end);
    });
  }
}
