import type { AbortReason } from '../executor/AttemptContext.js';
import { SpoolWriter } from '../spool/SpoolWriter.js';
import { whenRoom } from '../spool/whenRoom.js';

/** Ends the spool of an attempt that nobody runs any more, unless it has its end: says why, and sets the end mark. */
export async function closeSpool(path: string, { code, message }: AbortReason): Promise<void> {
  const spool = await SpoolWriter.takeOver(path);
  if (!spool) return;
  // Wall time, because the one who took the job may be another process than we; never before what was said already.
  const offsetMs = Math.max(spool.lastOffsetMs, Date.now() - spool.header.received);
  const now = spool.header.assigned + offsetMs;
  if (!spool.ended) {
    await whenRoom(() => spool.append(offsetMs, { name: 'job:errored', args: [{ code, message }, now] }));
    await whenRoom(() => spool.append(offsetMs, { name: 'job:done', args: [now] }));
    await whenRoom(() => spool.end());
  }
  spool.close();
}
