import { type Children, type DroneState, type JobSummary, type LeftOut, type Outcome, Standing, type Waiting } from '@skep/protocol';
import type { Colour } from './paint.js';

/** Why a job waits, in words. */
export function waitingWords(waiting: Waiting | null): string {
  switch (waiting?.reason) {
    case undefined:
      return 'queued';
    case 'no-drone':
      return 'queued: no drone is connected';
    case 'unmet-requirements':
      return `queued: no drone has ${waiting.which.map(requirementWords).join(' and ')}`;
    case 'all-busy': {
      const at = waiting.drone === undefined ? '' : ` on drone ${waiting.drone}`;
      return waiting.position === 1 ? `queued: next${at}` : `queued behind ${waiting.position - 1}${at}`;
    }
    case 'paused':
      if (waiting.platform !== undefined)
        return `queued: platform ${waiting.platform} is dropped${waiting.why === undefined ? '' : `: ${waiting.why}`}`;
      return `queued: every drone that could run it is paused${waiting.drones ? ` (${waiting.drones.join(', ')})` : ''}`;
    case 'not-before':
      return `queued: waits until ${new Date(waiting.at).toLocaleTimeString()}`;
    case 'group-full':
      return `queued: the group ${waiting.group} is full`;
    case 'waiting-for-jobs':
      return `queued: waits for ${waiting.jobs.join(', ')}${waiting.count > waiting.jobs.length ? ` and ${waiting.count - waiting.jobs.length} more` : ''}`;
  }
}

/** `labels.os=linux` as `label os=linux`. */
function requirementWords(which: string): string {
  if (/^(platform|drone)=/.test(which)) return which.replace('=', ' ');
  if (which.startsWith('notDrones.')) return `another name than ${which.slice('notDrones.'.length)}`;
  const dot = which.indexOf('.');
  if (dot < 0) return which.replace('minSpeed=', 'a speed of ');
  return `${which.slice(0, dot).replace(/s$/, '')} ${which.slice(dot + 1)}`;
}

/** How the children of a parent stand: `1 running, 2 passed`. */
const childrenWords = ({ standings }: Children): string =>
  Standing.options.flatMap((standing) => (standings[standing] ? [`${standings[standing]} ${standing}`] : [])).join(', ');

/** Cells for which no jobs were made. */
export const leftOutWords = ({ platform, cells, reason }: LeftOut): string =>
  `${cells} ${cells === 1 ? 'cell is' : 'cells are'} left out: platform ${platform} is dropped${reason === undefined ? '' : `: ${reason}`}`;

type Shown = Pick<JobSummary, 'status' | 'outcome' | 'reason' | 'drone' | 'waiting' | 'exitCode' | 'signal' | 'children'>;

/** How a job stands or ended: `running on b`, `failed: exit 2`. */
export function statusWords(job: Shown): string {
  if (job.status === 'queued') return waitingWords(job.waiting);
  if (job.status === 'running' && job.children) return `running: ${childrenWords(job.children)}`;
  if (job.status !== 'done') return `${job.status}${job.drone === undefined ? '' : ` on ${job.drone}`}`;
  const reason = job.signal ?? job.reason ?? (job.exitCode === null || job.exitCode === 0 ? undefined : `exit ${job.exitCode}`);
  const outcome = job.outcome ?? 'done';
  return reason === undefined || reason === outcome ? outcome : `${outcome}: ${reason}`;
}

export const outcomeColours: Record<Outcome, Colour> = {
  passed: 'green',
  failed: 'red',
  errored: 'red',
  'timed-out': 'red',
  cancelled: 'dim',
  lost: 'magenta',
};

export const droneColours: Record<DroneState, Colour> = {
  idle: 'green',
  busy: 'blue',
  draining: 'yellow',
  quarantined: 'red',
  lost: 'red',
  offline: 'dim',
};

export const statusColour = ({ status, outcome }: Pick<JobSummary, 'status' | 'outcome'>): Colour =>
  status !== 'done' ? (status === 'queued' ? 'dim' : 'blue') : outcomeColours[outcome ?? 'lost'];

/** A span of time: `420 ms`, `8.2 s`, `3 m 12 s`, `2 h 5 m`. */
export function spanWords(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} m`;
}
