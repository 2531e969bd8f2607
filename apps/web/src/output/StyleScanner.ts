import { applySgr, plainStyle, type TextStyle } from './TextStyle.js';

const ESCAPE = 0x1b;
const BRACKET = 0x5b;
/** Longer parameters than any terminal takes. */
const MAX_PARAMETERS = 256;

/** Keeps track of the style through bytes that may be cut anywhere, also in the middle of a sequence. */
export class StyleScanner {
  style: TextStyle = plainStyle;
  /** What was read of a sequence that is not whole yet; undefined outside of one. */
  #partial: string | undefined;

  /** Whether these bytes cannot change the style, nor does it matter where in them a line begins. */
  isIdle(bytes: Uint8Array): boolean {
    return this.style === plainStyle && this.#partial === undefined && bytes.indexOf(ESCAPE) === -1;
  }

  reset(): void {
    this.style = plainStyle;
    this.#partial = undefined;
  }

  /** Reads bytes[from, to). */
  read(bytes: Uint8Array, from: number, to: number): void {
    let at = from;
    while (at < to) {
      if (this.#partial === undefined) {
        const start = bytes.indexOf(ESCAPE, at);
        if (start === -1 || start >= to) return;
        this.#partial = '';
        at = start + 1;
      }
      at = this.#readSequence(bytes, at, to);
    }
  }

  #readSequence(bytes: Uint8Array, from: number, to: number): number {
    for (let at = from; at < to; at += 1) {
      const byte = bytes[at] ?? 0;
      const partial = this.#partial ?? '';
      if (partial === '') {
        if (byte !== BRACKET) return this.#leave(byte === ESCAPE ? at : at + 1);
        this.#partial = '[';
      } else if (byte >= 0x30 && byte <= 0x3f && partial.length < MAX_PARAMETERS) {
        this.#partial = partial + String.fromCharCode(byte);
      } else {
        if (byte === 0x6d) this.#apply(partial.slice(1));
        return this.#leave(byte === ESCAPE || byte === 0x0a ? at : at + 1);
      }
    }
    return to;
  }

  #apply(parameters: string): void {
    if (/^[\d;:]*$/.test(parameters)) this.style = normal(applySgr(this.style, parameters));
  }

  #leave(at: number): number {
    this.#partial = undefined;
    return at;
  }
}

/** One object for the plain style, so that `isIdle` sees it. */
const normal = (style: TextStyle): TextStyle =>
  style.foreground === null && style.background === null && style.flags === 0 ? plainStyle : style;
