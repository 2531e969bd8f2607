import { describe, expect, test } from '@jest/globals';
import { callerMessages, droneMessages, queenToCallerMessages, queenToDroneMessages } from '@skep/protocol';
import type { z } from 'zod';
import { aDroneSummary, aFrame, aJobInfo, aJobSummary, anAssignedJob, aSchedule } from './examples.js';

const tables: Record<string, Record<string, z.ZodType>> = { droneMessages, queenToDroneMessages, callerMessages, queenToCallerMessages };

const good: [table: string, event: string, args: unknown[]][] = [
  ['droneMessages', 'drone:info', [{ speed: 1, capacity: 1 }]],
  [
    'droneMessages',
    'drone:info',
    [
      {
        speed: 7,
        capacity: 4,
        id: 'a',
        name: 'A',
        labels: { os: 'linux' },
        plugins: ['node'],
        handlers: [],
        platform: 'linux',
        version: '1',
        draining: true,
        reason: 'full',
      },
    ],
  ],
  ['droneMessages', 'drone:keep-alive', []],
  ['droneMessages', 'drone:resume', [{ attempts: [] }]],
  ['droneMessages', 'drone:resume', [{ attempts: [{ id: 'a', attempt: 1, lease: 1, cursor: 0 }] }]],
  ['droneMessages', 'job:events', [aFrame]],
  ['droneMessages', 'many', [[['drone:keep-alive'], ['job:events', aFrame]]]],
  ['queenToDroneMessages', 'many', [[]]],
  ['queenToCallerMessages', 'many', [[['drone:died', 'mini']]]],
  ['queenToDroneMessages', 'drone:query-info', []],
  ['queenToDroneMessages', 'queue:new', [anAssignedJob]],
  ['queenToDroneMessages', 'job:cancel', ['job-1', '']],
  ['callerMessages', 'queue:new', [{}]],
  ['callerMessages', 'job:query-info', ['job-1']],
  ['callerMessages', 'job:watch', ['job-1']],
  ['callerMessages', 'job:watch', ['job-1', 17]],
  ['callerMessages', 'job:watch', ['job-1', null]],
  ['callerMessages', 'job:watch', ['job-1', { cursor: 17, frames: true }]],
  ['callerMessages', 'job:unwatch', ['job-1']],
  ['callerMessages', 'queue:watch', []],
  ['callerMessages', 'queue:unwatch', []],
  ['callerMessages', 'hooks:watch', ['mine', { hooks: ['complete'], types: ['resize'], after: { life: 'a', number: 7 } }]],
  ['callerMessages', 'hooks:unwatch', ['mine']],
  ['callerMessages', 'job:cancel', ['job-1']],
  ['callerMessages', 'many', [[['queue:new', {}]]]],
  ['callerMessages', 'job:cancel', ['job-1', 'not needed']],
  ['queenToCallerMessages', 'job:info', ['job-1', aJobInfo]],
  ['queenToCallerMessages', 'job:summary', ['job-1', aJobSummary]],
  ['queenToCallerMessages', 'job:hook', ['mine', { life: 'a', number: 8 }, { hook: 'complete', job: aJobSummary, value: [1] }]],
  ['queenToCallerMessages', 'job:hook', ['mine', { life: 'a', number: 9 }]],
  ['queenToCallerMessages', 'drone:joined', [aDroneSummary]],
  ['queenToCallerMessages', 'drone:changed', [{ ...aDroneSummary, state: 'lost', connectedAt: null }]],
  ['queenToCallerMessages', 'drone:died', ['a']],
  ['queenToCallerMessages', 'drone:forgotten', ['a']],
  ['queenToCallerMessages', 'schedule:changed', [aSchedule]],
  ['queenToCallerMessages', 'schedule:removed', ['nightly']],
  ['queenToCallerMessages', 'platform:changed', [{ name: 'debian-12', drones: ['a'], dropped: null }]],
];

const bad: [table: string, event: string, what: string, args: unknown[]][] = [
  ['droneMessages', 'drone:info', 'nothing', []],
  ['droneMessages', 'drone:info', 'no capacity', [{ speed: 1 }]],
  ['droneMessages', 'drone:info', 'capacity 0', [{ speed: 1, capacity: 0 }]],
  ['droneMessages', 'drone:info', 'speed 0', [{ speed: 0, capacity: 1 }]],
  ['droneMessages', 'drone:info', 'a speed with a fraction', [{ speed: 1.5, capacity: 1 }]],
  ['droneMessages', 'drone:info', 'a speed as text', [{ speed: '5', capacity: 1 }]],
  ['droneMessages', 'drone:info', 'labels as a list', [{ speed: 1, capacity: 1, labels: ['linux'] }]],
  ['droneMessages', 'drone:info', 'an id with a slash', [{ speed: 1, capacity: 1, id: '../a' }]],
  ['droneMessages', 'drone:keep-alive', 'an argument', [1]],
  ['droneMessages', 'drone:resume', 'nothing', []],
  ['droneMessages', 'drone:resume', 'an attempt without a lease', [{ attempts: [{ id: 'a', attempt: 1, cursor: 0 }] }]],
  ['droneMessages', 'job:events', 'text', ['frame']],
  ['queenToDroneMessages', 'queue:new', 'a job without a lease', [{ ...anAssignedJob, lease: undefined }]],
  ['queenToDroneMessages', 'queue:new', 'a job without job_id', [{ ...anAssignedJob, job_id: undefined }]],
  ['queenToDroneMessages', 'queue:new', 'attempt 0', [{ ...anAssignedJob, attempt: 0 }]],
  ['queenToDroneMessages', 'job:cancel', 'no reason', ['job-1']],
  ['droneMessages', 'many', 'a message without a name', [[[1]]]],
  ['callerMessages', 'many', 'more than 256', [Array.from({ length: 257 }, () => ['queue:watch'])]],
  ['callerMessages', 'queue:new', 'no job', []],
  ['callerMessages', 'queue:new', 'a list', [[]]],
  ['callerMessages', 'queue:new', 'null', [null]],
  ['callerMessages', 'job:query-info', 'a number', [1]],
  ['callerMessages', 'job:query-info', 'an empty id', ['']],
  ['callerMessages', 'job:watch', 'a negative cursor', ['job-1', -1]],
  ['callerMessages', 'job:watch', 'a cursor as text', ['job-1', '5']],
  ['callerMessages', 'job:watch', 'three arguments', ['job-1', 1, 2]],
  ['callerMessages', 'job:cancel', 'a reason of more than 1000 characters', ['job-1', 'x'.repeat(1001)]],
  ['queenToCallerMessages', 'job:info', 'no data', ['job-1']],
  ['queenToCallerMessages', 'drone:joined', 'an unknown state', [{ ...aDroneSummary, state: 'sleeping' }]],
];

describe.each(Object.keys(tables))('%s', (name) => {
  const table = tables[name]!;
  const cases = <T extends [string, ...unknown[]]>(all: T[]) => all.filter(([of]) => of === name);

  test.each(cases(good))('%s: %s takes %j', (_, event, args) => expect(table[event]!.parse(args)).toEqual(args));
  test.each(cases(bad))('%s: %s refuses %s', (_, event, __, args) => expect(table[event]!.safeParse(args).success).toBe(false));
  test('has a good example of each message', () =>
    expect(new Set(cases(good).map(([, event]) => event))).toEqual(new Set(Object.keys(table))));
});
