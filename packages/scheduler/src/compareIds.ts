/** Orders two ids by their UTF-16 code units: the last word wherever all else is equal, so that the same calls give the same answers. */
export const compareIds = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
