/** What a worker says of itself, beside what its own script says. */
export interface Alive {
  readonly skepAlive: {
    /** Its resident memory. */
    readonly memoryBytes: number;
    /** Whether its script is loaded. */
    readonly isUp: boolean;
  };
}

/** How often. */
export const ALIVE_MS = 1000;
/** How long after its script is loaded it says so: what fails at once has failed by then. */
export const UP_MS = 200;
/** A script that is still being loaded after this time works already, as one whose top level awaits for ever does. */
export const LATEST_UP_MS = 10_000;
/** The variable that tells a worker which process its broker is; gone before the worker's own script sees it. */
export const PARENT = 'SKEP_POOL_PARENT';

export const isAlive = (message: unknown): message is Alive => typeof message === 'object' && message !== null && 'skepAlive' in message;
