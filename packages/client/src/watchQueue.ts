import { DroneSummary, JobSummary, Platform, Schedule } from '@skep/protocol';
import type { Link } from './Link.js';

/** What happens in the queue, to schedules and to platforms. `connected` comes with every connection: what went before may have been missed. */
export type QueueChange =
  | { type: 'connected' }
  | { type: 'disconnected' }
  | { type: 'job'; summary: JobSummary }
  | { type: 'drone'; summary: DroneSummary }
  | { type: 'drone-died'; id: string }
  | { type: 'drone-forgotten'; id: string }
  | { type: 'schedule'; schedule: Schedule }
  | { type: 'schedule-removed'; name: string }
  | { type: 'platform'; platform: Platform };

export type QueueListener = (change: QueueChange) => void;

const ASK_MS = 10_000;

/** Watches jobs and drones on a connection, again after each loss of it. Returns how to end it. */
export function watchQueue(link: Link, listener: QueueListener): () => void {
  const job = (_id: unknown, raw: unknown): void => {
    const parsed = JobSummary.safeParse(raw);
    if (parsed.success) listener({ type: 'job', summary: parsed.data });
  };
  const drone = (raw: unknown): void => {
    const parsed = DroneSummary.safeParse(raw);
    if (parsed.success) listener({ type: 'drone', summary: parsed.data });
  };
  const schedule = (raw: unknown): void => {
    const parsed = Schedule.safeParse(raw);
    if (parsed.success) listener({ type: 'schedule', schedule: parsed.data });
  };
  const platform = (raw: unknown): void => {
    const parsed = Platform.safeParse(raw);
    if (parsed.success) listener({ type: 'platform', platform: parsed.data });
  };
  const begin = (): void => {
    link.askOnce('queue:watch', [], ASK_MS).then(
      () => listener({ type: 'connected' }),
      // The connection is gone or the queen is not well: begun anew, this is tried again.
      () => link.reconnect(),
    );
  };
  const stops = [
    link.on('connect', begin),
    link.on('disconnect', () => listener({ type: 'disconnected' })),
    link.on('job:summary', job),
    link.on('drone:joined', drone),
    link.on('drone:changed', drone),
    link.on('drone:died', (id) => listener({ type: 'drone-died', id: String(id) })),
    link.on('drone:forgotten', (id) => listener({ type: 'drone-forgotten', id: String(id) })),
    link.on('schedule:changed', schedule),
    link.on('platform:changed', platform),
    link.on('schedule:removed', (name) => listener({ type: 'schedule-removed', name: String(name) })),
  ];
  if (link.isConnected) begin();
  else link.open();
  return () => {
    for (const stop of stops) stop();
    link.say('queue:unwatch');
  };
}
