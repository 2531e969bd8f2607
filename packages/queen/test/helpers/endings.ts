import { createHash } from 'node:crypto';
import type { JobFrame } from '@skep/protocol';
import type { Coordinator } from '../../src/coordinator/Coordinator.js';
import type { DroneLink } from '../../src/ports.js';

const nothingWritten = createHash('sha256').digest('hex');

/** Says that the attempt of a job has started, as its drone would. */
export async function begin(coordinator: Coordinator, link: DroneLink, id: string): Promise<void> {
  const { attempt, lease } = coordinator.jobs.get(id)!.attempt!.record;
  await coordinator.frame(link, { id, attempt, lease, seq: 0, events: [[0, 'job:started', 1]] });
}

/** Ends the attempt of a job as its drone would, begun or not. */
export async function end(coordinator: Coordinator, link: DroneLink, id: string, code = 0): Promise<void> {
  const { attempt, lease } = coordinator.jobs.get(id)!.attempt!.record;
  const events: JobFrame['events'] = [
    [0, 'job:started', 1],
    [1, 'job:tested', code, 1],
    [2, 'job:done', 1],
  ];
  await coordinator.frame(link, { id, attempt, lease, seq: 0, events, end: { events: 3, sha256: nothingWritten } });
}

/** Which jobs have a live lease, of those not done. */
export const running = ({ jobs }: Coordinator): string[] => [...jobs.values()].flatMap(({ id, attempt }) => (attempt ? [id] : []));
