/** What a worker says of itself, beside what its own script says. */
export interface Alive {
  readonly skepAlive: {
    /** Its resident memory. */
    readonly memoryBytes: number;
  };
}

/** How often. */
export const ALIVE_MS = 1000;
/** When for the first time, after its start: a script that fails as it is loaded has failed by then. */
export const FIRST_ALIVE_MS = 200;
/** The variable that tells a worker which process its broker is; gone before the worker's own script sees it. */
export const PARENT = 'SKEP_POOL_PARENT';

export const isAlive = (message: unknown): message is Alive => typeof message === 'object' && message !== null && 'skepAlive' in message;
