const codes = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], blue: [34, 39], magenta: [35, 39] } as const;

export type Colour = keyof typeof codes;
export type Paint = (colour: Colour, text: string) => string;

export type ColourWish = 'auto' | 'always' | 'never';

/**
 * Whether to colour what goes to a stream: as `--color` says; else never with NO_COLOR, always with FORCE_COLOR, and
 * otherwise on a terminal that is not dumb.
 */
export function wantsColour(wish: ColourWish, env: Readonly<Record<string, string | undefined>>, isTty: boolean): boolean {
  if (wish !== 'auto') return wish === 'always';
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
  return isTty && env.TERM !== 'dumb';
}

/** How text is coloured; as it is if it should not be. */
export function painter(isOn: boolean): Paint {
  if (!isOn) return (_, text) => text;
  return (colour, text) => `\u001b[${codes[colour][0]}m${text}\u001b[${codes[colour][1]}m`;
}
