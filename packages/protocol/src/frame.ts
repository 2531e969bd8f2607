import * as z from 'zod';
import { AttemptNumber, CHUNK_BYTES, Cursor, JobId, LeaseNumber, Seq } from './vocabulary.js';

/** The most events that one frame may carry. */
export const FRAME_EVENTS = 4096;

/** The most binary attachments of one message: Socket.IO's decoders end the connection at more. */
export const FRAME_ATTACHMENTS = 10;

/** Output of fewer bytes goes as text where it is text: an attachment is a message of its own. */
export const ATTACHMENT_BYTES = 1024;

/** Ten years, in ms: no attempt takes longer, and an instant so far on is still one. */
const MAX_OFFSET_MS = 315_360_000_000;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits');

/**
 * An event in a frame: `[offsetMs, name, ...args]`. The offset counts milliseconds from the drone's receipt of
 * `queue:new`; the arguments are those of `attemptEvents`, without the job's id.
 */
export const PackedEvent = z
  .tuple([z.number().int().min(0).max(MAX_OFFSET_MS), z.string().max(100)], z.unknown())
  .meta({ id: 'PackedEvent', description: '`[offsetMs, name, ...args]`: an event without its job id.' });
export type PackedEvent = z.infer<typeof PackedEvent>;

/** What our drone sends as `job:events`: a gapless run of the events of one attempt. */
export const JobFrame = z
  .object({
    id: JobId,
    attempt: AttemptNumber,
    lease: LeaseNumber,
    seq: Seq.describe('The seq of the first event.'),
    events: z.array(PackedEvent).max(FRAME_EVENTS).describe('In order, without gaps.'),
    end: z
      .object({
        events: z.number().int().min(0).describe('How many events the attempt has in all.'),
        sha256: Sha256.describe('Of all output of the attempt, in the order of its events.'),
      })
      .optional()
      .describe('Only in the last frame of an attempt.'),
  })
  .meta({ id: 'JobFrame', description: 'A gapless run of the events of one attempt (`job:events`).' });
export type JobFrame = z.infer<typeof JobFrame>;

/** The queen's answer to a frame: everything before `cursor` (a seq) is durable. */
export const FrameAck = z
  .object({ cursor: Seq })
  .meta({ id: 'FrameAck', description: 'Everything of the attempt before this seq is durable.' });
export type FrameAck = z.infer<typeof FrameAck>;

/** An attempt that a drone still holds, as it says in `drone:resume`. */
export const HeldAttempt = z
  .object({
    id: JobId,
    attempt: AttemptNumber,
    lease: LeaseNumber,
    cursor: Seq.describe('How many events its spool holds.'),
  })
  .meta({ id: 'HeldAttempt', description: 'An attempt that a drone still holds.' });
export type HeldAttempt = z.infer<typeof HeldAttempt>;

/** `drone:resume`: all that a drone holds, said after every connect; an empty list if nothing. */
export const DroneResume = z
  .object({ attempts: z.array(HeldAttempt).max(10_000) })
  .meta({ id: 'DroneResume', description: 'All attempts that a drone still holds.' });
export type DroneResume = z.infer<typeof DroneResume>;

/** The queen's verdict on one held attempt: go on from this seq, or stop and drop it. */
export const ResumeVerdict = z
  .discriminatedUnion('action', [
    z.object({
      id: JobId,
      attempt: AttemptNumber,
      action: z.literal('continue'),
      cursor: Seq.describe('Everything before this seq is durable.'),
    }),
    z.object({ id: JobId, attempt: AttemptNumber, action: z.literal('stop'), reason: z.string().describe('Why, in words.') }),
  ])
  .meta({ id: 'ResumeVerdict', description: 'Go on with an attempt from this seq, or stop it and drop its spool.' });
export type ResumeVerdict = z.infer<typeof ResumeVerdict>;

export const ResumeAnswer = z
  .object({ attempts: z.array(ResumeVerdict) })
  .meta({ id: 'ResumeAnswer', description: 'A verdict for each held attempt.' });
export type ResumeAnswer = z.infer<typeof ResumeAnswer>;

/** Where a chunk of output stands in the output of its attempt. */
export const ChunkPlace = z
  .object({
    firstByte: z.number().int().min(0).describe('Bytes of output before it.'),
    firstLine: z.number().int().min(0).describe('Line ends in the output before it.'),
    lines: z.number().int().min(0).max(CHUNK_BYTES).describe('Line ends within it.'),
  })
  .meta({ id: 'ChunkPlace', description: 'Where a chunk stands in the output of its attempt.' });
export type ChunkPlace = z.infer<typeof ChunkPlace>;

/**
 * `job:frame`: what a watcher that asked for `{frames: true}` is sent, and acknowledges. Events are `[at, name, ...args]`
 * with `at` in Unix ms; all output comes as `job:cmd:stdout` or `job:cmd:stderr` with the arguments `num, bytes, place`
 * (text in place of the bytes where they are few and valid UTF-8).
 */
export const WatchFrame = z
  .object({
    id: JobId,
    attempt: AttemptNumber,
    cursor: Cursor.describe('The cursor of the first event.'),
    events: z
      .array(z.tuple([z.number(), z.string()], z.unknown()))
      .describe('`[at, name, ...args]`, `at` in Unix ms; outputs have the arguments `num, bytes, place`.'),
  })
  .meta({ id: 'WatchFrame', description: 'A run of events for a watcher that asked for frames.' });
export type WatchFrame = z.infer<typeof WatchFrame>;
