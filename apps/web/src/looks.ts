import type { DroneState, JobStatus, JobSummary, Outcome } from '@skep/protocol';
import {
  ArrowDown,
  Ban,
  Check,
  Circle,
  CircleDot,
  CircleSlash,
  Clock,
  LoaderCircle,
  type LucideIcon,
  Minus,
  OctagonAlert,
  ShieldAlert,
  Unlink,
  X,
} from 'lucide-react';

/** One word, one shape, one colour; never colour alone. */
export interface Look {
  word: string;
  icon: LucideIcon;
  hue: 'grey' | 'blue' | 'green' | 'red' | 'amber' | 'purple';
  /** A character with the same meaning, for the title of a tab. */
  sign: string;
  /** The icon of a tab, in /icons. */
  favicon: 'skep' | 'running' | 'passed' | 'failed';
  turns?: boolean;
}

const outcomeLooks: Record<Outcome, Look> = {
  passed: { word: 'passed', icon: Check, hue: 'green', sign: '✓', favicon: 'passed' },
  failed: { word: 'failed', icon: X, hue: 'red', sign: '✗', favicon: 'failed' },
  errored: { word: 'errored', icon: OctagonAlert, hue: 'red', sign: '!', favicon: 'failed' },
  'timed-out': { word: 'timed out', icon: Clock, hue: 'red', sign: '⏱', favicon: 'failed' },
  cancelled: { word: 'cancelled', icon: CircleSlash, hue: 'grey', sign: '⊘', favicon: 'skep' },
  lost: { word: 'lost', icon: Unlink, hue: 'purple', sign: '↯', favicon: 'failed' },
};

const statusLooks: Record<Exclude<JobStatus, 'done'>, Look> = {
  queued: { word: 'queued', icon: Circle, hue: 'grey', sign: '○', favicon: 'skep' },
  assigned: { word: 'starting', icon: LoaderCircle, hue: 'blue', sign: '◐', favicon: 'running', turns: true },
  running: { word: 'running', icon: LoaderCircle, hue: 'blue', sign: '◐', favicon: 'running', turns: true },
};

const blocked: Look = { word: 'blocked', icon: Ban, hue: 'amber', sign: '⊘', favicon: 'skep' };

/** How a job looks: by its outcome if it is done, else by its status; blocked if it waits for what is not there. */
export function lookOf({ status, outcome, waiting }: Pick<JobSummary, 'status' | 'outcome' | 'waiting'>): Look {
  if (status === 'done') return outcomeLooks[outcome ?? 'lost'];
  const isBlocked = waiting?.reason === 'unmet-requirements' || waiting?.reason === 'no-drone' || waiting?.reason === 'paused';
  return status === 'queued' && isBlocked ? blocked : statusLooks[status];
}

export const lookOfOutcome = (outcome: Outcome): Look => outcomeLooks[outcome];
export const runningLook = statusLooks.running;

export const droneLooks: Record<DroneState, Look> = {
  idle: { word: 'idle', icon: Circle, hue: 'green', sign: '○', favicon: 'skep' },
  busy: { word: 'busy', icon: CircleDot, hue: 'blue', sign: '◉', favicon: 'skep' },
  draining: { word: 'draining', icon: ArrowDown, hue: 'amber', sign: '↓', favicon: 'skep' },
  quarantined: { word: 'quarantined', icon: ShieldAlert, hue: 'red', sign: '!', favicon: 'skep' },
  lost: { word: 'lost', icon: Unlink, hue: 'red', sign: '↯', favicon: 'skep' },
  offline: { word: 'offline', icon: Minus, hue: 'grey', sign: '–', favicon: 'skep' },
};
