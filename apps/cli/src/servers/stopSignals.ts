/** Calls back with the number of each signal that asks this process to stop, from 1. Returns how to hear no more. */
export function onStopSignal(hear: (count: number) => void): () => void {
  let count = 0;
  const listener = (): void => {
    count += 1;
    hear(count);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, listener);
  return () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.off(signal, listener);
  };
}
