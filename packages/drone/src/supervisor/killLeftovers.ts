import { leaseMarker } from '../executor/leaseMarker.js';
import { killTree } from '../process/kill.js';
import type { SpoolHeader } from '../spool/Spool.js';

/**
 * Ends every process that an executor left behind when it died: its own group, and all that bear the attempt's marker.
 * @param executorPid unknown if the executor was another supervisor's
 */
export async function killLeftovers(
  attempt: Pick<SpoolHeader, 'id' | 'attempt' | 'lease'>,
  executorPid: number | undefined,
  { dataDir, drone }: { dataDir: string; drone: { graceMs: number } },
): Promise<void> {
  await killTree({ leaders: executorPid === undefined ? [] : [executorPid], marker: leaseMarker(dataDir, attempt) }, drone.graceMs);
}
