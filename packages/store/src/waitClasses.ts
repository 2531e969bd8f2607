/** How many classes a wait passes while it doubles: one spans 9 %, so that its middle is within 5 % of all in it. */
const PER_DOUBLING = 8;

/** The class of a wait: waits are counted by these, so that counts of any spans can be added up. */
export const waitClassOf = (waitedMs: number): number => Math.floor(Math.log2(Math.max(0, waitedMs) + 1) * PER_DOUBLING);

/** The middle of a class of waits, in ms. */
export const waitOfClass = (waitClass: number): number => Math.max(0, Math.round(2 ** ((waitClass + 0.5) / PER_DOUBLING) - 1));
