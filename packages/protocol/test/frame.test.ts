import { describe, expect, test } from '@jest/globals';
import { DroneResume, FRAME_EVENTS, FrameAck, JobFrame, ResumeAnswer, WatchFrame } from '@skep/protocol';
import { aFrame } from './examples.js';

const SHA = '0'.repeat(64);

describe('a frame', () => {
  test.each([
    ['without events', { ...aFrame, events: [] }],
    ['with as many events as there may be', { ...aFrame, events: Array(FRAME_EVENTS).fill([0, 'job:progress', 1]) }],
    ['with bytes', { ...aFrame, events: [[3, 'job:cmd:stdout', 0, Buffer.from('a')]] }],
    ['that is the last', { ...aFrame, end: { events: 1, sha256: SHA } }],
    ['with events whose arguments are wrong: those are judged one by one', { ...aFrame, events: [[0, 'job:nonsense', {}, 1, 2]] }],
  ])('%s is taken', (_, frame) => expect(JobFrame.parse(frame)).toEqual(frame));

  test.each([
    ['without a lease', { ...aFrame, lease: undefined }],
    ['with lease 0', { ...aFrame, lease: 0 }],
    ['with a negative seq', { ...aFrame, seq: -1 }],
    ['with a seq beyond 31 bits', { ...aFrame, seq: 2 ** 31 }],
    ['with more events than there may be', { ...aFrame, events: Array(FRAME_EVENTS + 1).fill([0, 'job:progress', 1]) }],
    ['with an event that has no name', { ...aFrame, events: [[0]] }],
    ['with an event before its receipt', { ...aFrame, events: [[-1, 'job:queued', 0]] }],
    ['with an event that is an object', { ...aFrame, events: [{ name: 'job:queued' }] }],
    ['with an end without a digest', { ...aFrame, end: { events: 1 } }],
    ['with a digest in capitals', { ...aFrame, end: { events: 1, sha256: 'A'.repeat(64) } }],
    ['with a digest that is too short', { ...aFrame, end: { events: 1, sha256: '0'.repeat(63) } }],
    ['of an impossible job id', { ...aFrame, id: 'a/b' }],
  ])('%s is refused', (_, frame) => expect(JobFrame.safeParse(frame).success).toBe(false));
});

describe('what goes with frames', () => {
  test.each([
    ['an ack', FrameAck, { cursor: 4 }],
    ['a resume', DroneResume, { attempts: [{ id: 'a', attempt: 2, lease: 7, cursor: 12 }] }],
    ['a verdict to go on', ResumeAnswer, { attempts: [{ id: 'a', attempt: 2, action: 'continue', cursor: 12 }] }],
    ['a verdict to stop', ResumeAnswer, { attempts: [{ id: 'a', attempt: 2, action: 'stop', reason: 'its lease has ended' }] }],
    ['a frame for a watcher', WatchFrame, { id: 'a', attempt: 1, cursor: 3, events: [[1.5, 'job:cmd:stdout', 0, 'a', { firstByte: 0 }]] }],
  ])('%s is taken', (_, schema, value) => expect(schema.parse(value)).toEqual(value));

  test.each([
    ['an ack without a cursor', FrameAck, {}],
    ['a resume without attempts', DroneResume, {}],
    ['a verdict to go on from nowhere', ResumeAnswer, { attempts: [{ id: 'a', attempt: 2, action: 'continue' }] }],
    ['a verdict that is neither', ResumeAnswer, { attempts: [{ id: 'a', attempt: 2, action: 'wait' }] }],
    ['a frame for a watcher without a cursor', WatchFrame, { id: 'a', attempt: 1, events: [] }],
  ])('%s is refused', (_, schema, value) => expect(schema.safeParse(value).success).toBe(false));
});
