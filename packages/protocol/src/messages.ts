import * as z from 'zod';
import { DroneInfo } from './droneInfo.js';
import { DroneResume, JobFrame } from './frame.js';
import { AssignedJob, Job } from './job.js';
import { DroneSummary, JobInfo, JobSummary } from './jobInfo.js';
import { ManyMessages } from './many.js';
import { HookFilter, HookKey, JobNotice, NoticePlace } from './notice.js';
import { Platform } from './platform.js';
import { Schedule, ScheduleName } from './schedule.js';
import { Cursor, DroneId, JobId } from './vocabulary.js';

/** Why somebody ends a job, in words. */
export const CancelReason = z.string().max(1000);

/** What a drone may say on `/drone`, beside the events of its attempts. */
export const droneMessages = {
  'drone:info': z.tuple([DroneInfo]),
  'drone:keep-alive': z.tuple([]),
  'drone:resume': z.tuple([DroneResume]),
  'job:events': z.tuple([JobFrame]),
  many: z.tuple([ManyMessages]),
} as const;

/** What the queen says to drones on `/drone`. */
export const queenToDroneMessages = {
  'drone:query-info': z.tuple([]),
  'queue:new': z.tuple([AssignedJob]),
  'job:cancel': z.tuple([JobId, CancelReason]),
  many: z.tuple([ManyMessages]),
} as const;

/** How a job is watched: from which cursor (0 if absent), as `job:*` events or as acknowledged frames. */
export const WatchOptions = z
  .object({
    cursor: Cursor.optional().describe('0 if absent.'),
    frames: z.boolean().optional().describe('Send `job:frame` in place of the single events.'),
  })
  .meta({ id: 'WatchOptions', description: 'From which cursor, and whether as acknowledged frames.' });
export type WatchOptions = z.infer<typeof WatchOptions>;

/** What callers and browsers may say on `/`. */
export const callerMessages = {
  'queue:new': z.tuple([Job]),
  'job:query-info': z.tuple([JobId]),
  'job:watch': z.tuple([JobId, z.union([Cursor, WatchOptions]).nullish()]),
  'job:unwatch': z.tuple([JobId]),
  'queue:watch': z.tuple([]),
  'queue:unwatch': z.tuple([]),
  'hooks:watch': z.tuple([HookKey, HookFilter.nullish()]),
  'hooks:unwatch': z.tuple([HookKey]),
  'job:cancel': z.tuple([JobId, CancelReason.nullish()]),
  many: z.tuple([ManyMessages]),
} as const;

/** What the queen says on `/`, beside every event of the watched attempts (and `job:frame` to who asked for frames). */
export const queenToCallerMessages = {
  'job:info': z.tuple([JobId, JobInfo]),
  'job:summary': z.tuple([JobId, JobSummary]),
  'job:hook': z.tuple([HookKey, NoticePlace, JobNotice.nullish()]),
  'drone:joined': z.tuple([DroneSummary]),
  'drone:changed': z.tuple([DroneSummary]),
  'drone:died': z.tuple([DroneId]),
  'drone:forgotten': z.tuple([DroneId]),
  'schedule:changed': z.tuple([Schedule]),
  'schedule:removed': z.tuple([ScheduleName]),
  'platform:changed': z.tuple([Platform]),
  many: z.tuple([ManyMessages]),
} as const;

export type DroneMessageName = keyof typeof droneMessages;
export type CallerMessageName = keyof typeof callerMessages;

/** The answer to a submission; the ack is sent after the commit. */
export const SubmitAnswer = z.object({ id: JobId }).meta({ id: 'SubmitAnswer', description: 'The id of the job, durable by now.' });
export type SubmitAnswer = z.infer<typeof SubmitAnswer>;
