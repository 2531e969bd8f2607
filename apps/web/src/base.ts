// Not in one expression: the build takes that for the address of a file that it should move.
const here = import.meta.url;

/** The address of the queen that served this page, which may lie below a path, without a slash at its end: its scripts lie in a folder there. */
export const queenUrl = new URL('..', here).href.replace(/\/$/, '');

/** The path below which its pages lie; empty if they lie at the root. */
export const basePath = new URL(queenUrl).pathname.replace(/\/$/, '');
