import { describe, expect, test } from '@jest/globals';
import { DroneSummary, JobInfo, JobSummary, Waiting } from '@skep/protocol';
import { aDroneSummary, aJobInfo, aJobSummary } from './examples.js';

describe('why a job waits', () => {
  test.each([
    [{ reason: 'no-drone' }],
    [{ reason: 'unmet-requirements', which: ['labels.os=linux'] }],
    [{ reason: 'all-busy', position: 1 }],
    [{ reason: 'all-busy', position: 7, drone: 'a' }],
    [{ reason: 'paused' }],
    [{ reason: 'not-before', at: 1_760_000_000_000 }],
    [{ reason: 'group-full', group: 'deploys' }],
    [{ reason: 'waiting-for-jobs', jobs: ['a'], count: 1 }],
  ])('is said as %j', (waiting) => expect(Waiting.parse(waiting)).toEqual(waiting));

  test.each([
    [{}],
    [{ reason: 'tired' }],
    [{ reason: 'all-busy' }],
    [{ reason: 'all-busy', position: 0 }],
    [{ reason: 'unmet-requirements' }],
  ])('is never said as %j', (waiting) => expect(Waiting.safeParse(waiting).success).toBe(false));
});

describe('a view', () => {
  test.each([
    ['of a job', JobInfo, aJobInfo],
    ['of a job in a line', JobSummary, aJobSummary],
    ['of a drone', DroneSummary, aDroneSummary],
  ])('%s is taken as it is', (_, schema, view) => expect(schema.parse(view)).toEqual(view));

  test.each([
    ['of a job without its cursor', JobInfo, { ...aJobInfo, cursor: undefined }],
    ['of a job with an unknown outcome', JobInfo, { ...aJobInfo, outcome: 'fine' }],
    ['of a job with a command before the first but one', JobInfo, { ...aJobInfo, cmds: [{ ...aJobInfo.cmds[0], num: -2 }] }],
    ['of a job that never was queued', JobSummary, { ...aJobSummary, queued: null }],
    ['of a drone that has no id', DroneSummary, { ...aDroneSummary, id: undefined }],
  ])('%s is refused', (_, schema, view) => expect(schema.safeParse(view).success).toBe(false));
});
