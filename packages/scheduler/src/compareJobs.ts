import { compareIds } from './compareIds.js';
import type { WaitingJob } from './types.js';

/** What decides which of two jobs goes first. */
export type Turn = Pick<WaitingJob, 'id' | 'priority' | 'order'>;

/**
 * Orders waiting jobs, next first: the higher priority, then first come first served, then by id.
 * @returns negative if `a` goes first, 0 only for a job and itself
 */
export const compareJobs = (a: Turn, b: Turn): number => b.priority - a.priority || a.order - b.order || compareIds(a.id, b.id);
