// Not in one expression: the build takes that for the address of a file that it should move.
const here = import.meta.url;

/** The address of the queen that served this page, which may lie below a path, without a slash at its end: its scripts lie in a folder there. */
export const queenUrl = new URL('..', here).href.replace(/\/$/, '');

/** The path below which its pages lie; empty if they lie at the root. */
export const basePath = new URL(queenUrl).pathname.replace(/\/$/, '');

/** The last part of the address, as it was meant: the router leaves a `/` within it as it is written there. */
export function lastPart(): string {
  const part = location.pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(part);
  } catch {
    // Somebody typed a % that means nothing.
    return part;
  }
}
