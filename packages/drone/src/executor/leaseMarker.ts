import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { AssignedJob } from '@skep/protocol';

/** The variable by which every process of an attempt is known, in whatever group or session it hides. */
export const MARKER_VARIABLE = 'SKEP_LEASE';

/**
 * The value of the marker: alike for all that one drone runs under one lease, unlike anything else on the machine.
 * It is made of what a supervisor knows too, so that one can end what a dead executor left behind.
 */
export const leaseValue = (dataDir: string, { id, attempt, lease }: Pick<AssignedJob, 'id' | 'attempt' | 'lease'>): string =>
  createHash('sha256')
    .update(JSON.stringify([resolve(dataDir), id, attempt, lease]))
    .digest('hex')
    .slice(0, 32);

/** What stands in the environment of every process of an attempt: the `marker` for killTree. */
export const leaseMarker = (dataDir: string, job: Pick<AssignedJob, 'id' | 'attempt' | 'lease'>): string =>
  `${MARKER_VARIABLE}=${leaseValue(dataDir, job)}.`;
