/** Milliseconds, with all digits that the machine has, on a clock that all its processes share. */
export const now = (): number => Number(process.hrtime.bigint()) / 1e6;
