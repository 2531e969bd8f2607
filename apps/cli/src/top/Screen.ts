import type { ReadStream, WriteStream } from 'node:tty';

const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const CLEAR_TO_LINE_END = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';
/** No more pictures a second than this. */
const FRAME_MS = 100;
/** Ages grow by themselves. */
const TICK_MS = 1000;
const LEAVING_KEYS = new Set(['q', 'Q', '\u0003', '\u0004', '\u001b']);

/** The whole terminal, drawn in place until somebody leaves it; however that comes about, it is then as it was. */
export class Screen {
  readonly #input: ReadStream;
  readonly #output: WriteStream;
  readonly #draw: (size: { columns: number; rows: number }) => string[];
  #frame: NodeJS.Timeout | undefined;

  /** @param draw the lines to show, none longer than the columns */
  constructor(input: ReadStream, output: WriteStream, draw: (size: { columns: number; rows: number }) => string[]) {
    this.#input = input;
    this.#output = output;
    this.#draw = draw;
  }

  /** Shows what there is to show, soon. */
  update(): void {
    this.#frame ??= setTimeout(() => this.#show(), FRAME_MS);
  }

  /** Shows until q, Ctrl-C, Esc, the end of the input or a signal. */
  async run(): Promise<void> {
    const input = this.#input;
    const output = this.#output;
    const leave = (): void => void output.write(LEAVE);
    const update = (): void => this.update();
    const tick = setInterval(update, TICK_MS);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    process.once('exit', leave);
    output.on('resize', update);
    output.write(ENTER);
    input.setRawMode(true);
    this.#show();
    try {
      await new Promise<void>((resolve) => {
        input.on('data', (keys) => {
          if ([...String(keys)].some((key) => LEAVING_KEYS.has(key)) && !isSequence(String(keys))) resolve();
        });
        input.once('end', resolve);
        for (const signal of signals) process.once(signal, () => resolve());
      });
    } finally {
      clearInterval(tick);
      clearTimeout(this.#frame);
      output.off('resize', update);
      input.setRawMode(false);
      input.pause();
      process.off('exit', leave);
      leave();
    }
  }

  #show(): void {
    this.#frame = undefined;
    // A terminal that does not keep up is shown the newest when it does.
    if (this.#output.writableNeedDrain) {
      this.#output.once('drain', () => this.update());
      return;
    }
    const { columns, rows } = this.#output;
    const lines = this.#draw({ columns: columns || 80, rows: rows || 24 });
    this.#output.write(`${HOME}${lines.map((line) => `${line}${CLEAR_TO_LINE_END}`).join('\n')}${CLEAR_BELOW}`);
  }
}

/** An arrow key and its like begin as the key Esc does. */
const isSequence = (keys: string): boolean => keys.length > 1 && keys.startsWith('\u001b');
