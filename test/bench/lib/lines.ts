/** Bytes of a line of output, with its end. */
export const LINE_BYTES = 100;
