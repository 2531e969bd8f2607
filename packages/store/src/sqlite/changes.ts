import { SCHEDULE_RESULTS } from '@skep/protocol';
import type { Change } from '../Store.js';
import { encodeArtifact } from './artifacts.js';
import { encodeAttempt } from './attempts.js';
import { encodeCache } from './caches.js';
import { encodeCommand } from './commands.js';
import { encodeDrone } from './drones.js';
import { type EncodedEvent, encodeEvent } from './events.js';
import type { Value } from './fields.js';
import { encodeJob, encodeJobState } from './jobs.js';
import type { Packing } from './Packing.js';
import { encodeDroppedPlatform } from './platforms.js';
import { encodeSchedule, encodeScheduleRun } from './schedules.js';
import { encodeTemplate } from './templates.js';
import { encodeToken } from './tokens.js';
import { encodeUpload } from './uploads.js';
import { encodeView } from './views.js';

/** A change as plain values that SQLite can bind: cheap to hand to another thread, and a copy of what the caller gave. */
export type EncodedChange =
  | { type: 'job'; row: Value[]; submission: string }
  | { type: 'job-state'; values: Value[] }
  | { type: 'attempt'; values: Value[] }
  | { type: 'command'; jobId: string; attempt: number; num: number; values: Value[] }
  | { type: 'events'; jobId: string; attempt: number; events: EncodedEvent[] }
  | { type: 'drone'; values: Value[] }
  | { type: 'forget-drone'; id: string }
  | { type: 'token'; values: Value[] }
  | { type: 'drop-token'; name: string }
  | { type: 'view'; values: Value[] }
  | { type: 'drop-view'; name: string }
  | { type: 'schedule'; values: Value[] }
  | { type: 'drop-schedule'; name: string }
  | { type: 'schedule-run'; schedule: string; values: Value[]; keep: number }
  | { type: 'template'; values: Value[] }
  | { type: 'drop-template'; name: string }
  | { type: 'dropped-platform'; values: Value[] }
  | { type: 'restore-platform'; name: string }
  | { type: 'artifact'; values: Value[] }
  | { type: 'cache'; values: Value[] }
  | { type: 'drop-cache'; project: string; key: string }
  | { type: 'upload'; values: Value[] }
  | { type: 'drop-upload'; id: string }
  | { type: 'forget-job'; id: string }
  | { type: 'drop-forgotten'; events: number };

/** A change as plain values; its output goes to `packing`. */
export function encodeChange(change: Change, packing: Packing): EncodedChange {
  switch (change.type) {
    case 'job':
      return { type: 'job', ...encodeJob(change.record) };
    case 'job-state':
      return { type: 'job-state', values: encodeJobState(change.id, change.state) };
    case 'attempt':
      return { type: 'attempt', values: encodeAttempt(change.record) };
    case 'command': {
      const { jobId, attempt, num } = change.record;
      return { type: 'command', jobId, attempt, num, values: encodeCommand(change.record) };
    }
    case 'events': {
      const { jobId, attempt, events } = change;
      return { type: 'events', jobId, attempt, events: events.map((event) => encodeEvent(event, packing)) };
    }
    case 'drone':
      return { type: 'drone', values: encodeDrone(change.record) };
    case 'forget-drone':
      return { type: 'forget-drone', id: change.id };
    case 'token':
      return { type: 'token', values: encodeToken(change.record) };
    case 'drop-token':
      return { type: 'drop-token', name: change.name };
    case 'view':
      return { type: 'view', values: encodeView(change.record) };
    case 'drop-view':
      return { type: 'drop-view', name: change.name };
    case 'schedule':
      return { type: 'schedule', values: encodeSchedule(change.record) };
    case 'drop-schedule':
      return { type: 'drop-schedule', name: change.name };
    case 'schedule-run':
      return { type: 'schedule-run', schedule: change.record.schedule, values: encodeScheduleRun(change.record), keep: SCHEDULE_RESULTS };
    case 'template':
      return { type: 'template', values: encodeTemplate(change.record) };
    case 'drop-template':
      return { type: 'drop-template', name: change.name };
    case 'dropped-platform':
      return { type: 'dropped-platform', values: encodeDroppedPlatform(change.record) };
    case 'artifact':
      return { type: 'artifact', values: encodeArtifact(change.lease, change.record) };
    case 'cache':
      return { type: 'cache', values: encodeCache(change.record) };
    case 'upload':
      return { type: 'upload', values: encodeUpload(change.record) };
    case 'restore-platform':
    case 'drop-cache':
    case 'drop-upload':
    case 'forget-job':
    case 'drop-forgotten':
      return { ...change };
  }
}
