/** Bits of `TextStyle.flags`. */
export const BOLD = 1;
export const DIM = 2;
export const ITALIC = 4;
export const UNDERLINE = 8;
export const INVERSE = 16;
export const HIDDEN = 32;
export const STRIKE = 64;

/** 24-bit colours are told from those of the palette by this bit. */
const RGB = 0x1000000;

/** How a piece of text looks, as SGR sequences (ECMA-48, section 8.3.117) left it. */
export interface TextStyle {
  /** null: the default; 0 to 255: of the palette; else 0x1RRGGBB. */
  readonly foreground: number | null;
  readonly background: number | null;
  readonly flags: number;
}

export const plainStyle: TextStyle = { foreground: null, background: null, flags: 0 };

const setFlags: Readonly<Record<number, number>> = {
  1: BOLD,
  2: DIM,
  3: ITALIC,
  4: UNDERLINE,
  7: INVERSE,
  8: HIDDEN,
  9: STRIKE,
  21: UNDERLINE,
};
const clearFlags: Readonly<Record<number, number>> = {
  22: BOLD | DIM,
  23: ITALIC,
  24: UNDERLINE,
  27: INVERSE,
  28: HIDDEN,
  29: STRIKE,
};

/** The style after an SGR sequence with these parameters, such as `1;38;5;208`. What is not understood changes nothing. */
export function applySgr(style: TextStyle, parameters: string): TextStyle {
  const codes = parameters.split(/[;:]/).map(Number);
  let { foreground, background, flags } = style;
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 0) [foreground, background, flags] = [null, null, 0];
    else if (setFlags[code] !== undefined) flags |= setFlags[code];
    else if (clearFlags[code] !== undefined) flags &= ~clearFlags[code];
    else if (code === 38 || code === 48) {
      const { color, used } = extendedColor(codes, at + 1);
      if (color !== undefined && code === 38) foreground = color;
      if (color !== undefined && code === 48) background = color;
      at += used;
    } else if (code === 39) foreground = null;
    else if (code === 49) background = null;
    else if (code >= 30 && code <= 37) foreground = code - 30;
    else if (code >= 40 && code <= 47) background = code - 40;
    else if (code >= 90 && code <= 97) foreground = code - 82;
    else if (code >= 100 && code <= 107) background = code - 92;
  }
  return { foreground, background, flags };
}

/** The colour that `5;n` or `2;r;g;b` name, and how many codes that took. */
function extendedColor(codes: readonly number[], at: number): { color: number | undefined; used: number } {
  const [kind, first = 0, second = 0, third = 0] = codes.slice(at, at + 4);
  if (kind === 5) return { color: isByte(first) ? first : undefined, used: 2 };
  if (kind !== 2) return { color: undefined, used: 0 };
  const color = [first, second, third].every(isByte) ? RGB | (first << 16) | (second << 8) | third : undefined;
  return { color, used: 4 };
}

const isByte = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 255;

const CUBE = [0, 95, 135, 175, 215, 255] as const;

/** A colour beyond the first 16 as CSS; those 16 are the theme's, and have none here. */
export function cssColor(color: number): string | undefined {
  if (color >= RGB) return `#${(color - RGB).toString(16).padStart(6, '0')}`;
  if (color < 16) return undefined;
  if (color >= 232) return gray(8 + (color - 232) * 10);
  const index = color - 16;
  return `rgb(${CUBE[Math.floor(index / 36)]} ${CUBE[Math.floor(index / 6) % 6]} ${CUBE[index % 6]})`;
}

const gray = (level: number): string => `rgb(${level} ${level} ${level})`;

const keyOf = ({ foreground, background, flags }: TextStyle): string => `${foreground}/${background}/${flags}`;

/** Gives each style a small number, so that millions of lines can say how they begin. */
export class StyleTable {
  readonly #styles: TextStyle[] = [plainStyle];
  readonly #ids = new Map<string, number>([[keyOf(plainStyle), 0]]);

  /** The number of a style; 0, the plain one, when there are more styles than numbers. */
  idOf(style: TextStyle): number {
    const key = keyOf(style);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    if (this.#styles.length > 0xffff) return 0;
    this.#styles.push(style);
    this.#ids.set(key, this.#styles.length - 1);
    return this.#styles.length - 1;
  }

  styleOf(id: number): TextStyle {
    return this.#styles[id] ?? plainStyle;
  }
}
