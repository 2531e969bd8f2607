/** The seed of this run, printed so that it can be repeated: FUZZ_SEED, else the same each time. */
export const fuzzSeed = Number(process.env.FUZZ_SEED ?? 1);

/** How many messages are sent in all: FUZZ_COUNT. */
export const fuzzCount = (usual: number): number => Number(process.env.FUZZ_COUNT ?? usual);

/** How to see the same again. */
export const replayHint = (file: string, count: number): string =>
  `again: FUZZ_SEED=${fuzzSeed} FUZZ_COUNT=${count} NODE_OPTIONS=--experimental-vm-modules npx jest test/faults/fuzz/${file}`;
