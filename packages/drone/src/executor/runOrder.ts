import { SpoolWriter } from '../spool/SpoolWriter.js';
import { whenRoom } from '../spool/whenRoom.js';
import type { AbortReason, AttemptContext } from './AttemptContext.js';
import type { RunOrder } from './executorMessages.js';

/**
 * Runs the attempt of an order and ends its spool. Settles when the end mark is written, however long the disk is full.
 * @param run what performs the attempt; never throws for what a job does
 * @param spooled called after each event
 * @throws the system error if the spool cannot be opened
 */
export async function runOrder(
  { job, spoolPath, elapsedMs, drone }: RunOrder,
  {
    dataDir,
    signal,
    draining,
    spent,
    run,
    spooled,
  }: Pick<AttemptContext, 'dataDir' | 'signal' | 'draining' | 'spent'> & {
    run: (context: AttemptContext) => Promise<void>;
    spooled: () => void;
  },
): Promise<void> {
  const received = performance.now() - elapsedMs;
  const spool = await SpoolWriter.takeOver(spoolPath);
  if (!spool) throw new Error(`${spoolPath} has no header`);
  let isDone = false;
  const offsetMs = (): number => Math.round(performance.now() - received);
  const now = (): number => job.assigned + offsetMs();
  const emit: AttemptContext['emit'] = (event) => {
    spool.append(offsetMs(), event);
    if (event.name === 'job:done') isDone = true;
    spooled();
  };
  try {
    await run({ job, emit, signal, draining, spent, now, dataDir, drone });
  } catch (error) {
    const failure: AbortReason = isAbortReason(signal.reason) ? signal.reason : { code: 'executor-failed', message: String(error) };
    await whenRoom(() => emit({ name: 'job:errored', args: [failure, now()] }));
  }
  if (!isDone) await whenRoom(() => emit({ name: 'job:done', args: [now()] }));
  await whenRoom(() => spool.end());
  spooled();
  spool.close();
}

const isAbortReason = (reason: unknown): reason is AbortReason =>
  typeof reason === 'object' && reason !== null && 'code' in reason && 'message' in reason;
