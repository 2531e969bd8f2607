import { describe, expect, test } from '@jest/globals';
import { type AttemptEvent, type StriderSaying, type StriderStatus, StriderStatuses, sayingOf } from '../src/index.js';

describe("events in Strider's words", () => {
  test('tell a phase at its end, with the code that ended it and how long it took', () => {
    const statuses = new StriderStatuses();
    const events: [number, AttemptEvent][] = [
      [0, { name: 'job:started', args: [0] }],
      [1, { name: 'job:phase', args: ['environment', 1] }],
      [3, { name: 'job:phase', args: ['test', 3] }],
      [4, { name: 'job:cmd:start', args: [0, 'login --password honey', 'login'] }],
      [6, { name: 'job:cmd:stdout', args: [0, Buffer.from('ü')] }],
      [7, { name: 'job:cmd:done', args: [0, 2] }],
      [8, { name: 'job:tested', args: [2, 8] }],
      [9, { name: 'job:phase', args: ['cleanup', 9] }],
      [10, { name: 'job:progress', args: [1] }],
      [11, { name: 'job:done', args: [11] }],
    ];
    const told = events.flatMap(([at, event]) => statuses.of(event, at));
    const time = (at: number): Date => new Date(at);
    expect(told).toMatchObject([
      ['started', time(0)],
      ['phase.done', { phase: 'environment', next: 'test', exitCode: 0, elapsed: 2, time: time(3) }],
      ['command.start', { command: 'login', started: time(4), time: time(4) }],
      ['stdout', 'ü'],
      ['command.done', { exitCode: 2, elapsed: 3, time: time(7) }],
      ['tested', { exitCode: 2, time: time(8) }],
      ['phase.done', { phase: 'test', next: 'cleanup', exitCode: 2, elapsed: 6 }],
      ['phase.done', { phase: 'cleanup', next: undefined, exitCode: 0 }],
      ['done', time(11)],
    ]);
  });

  test.each<[StriderStatus, AttemptEvent]>([
    [['command.comment', { comment: 'hi', plugin: 'node' }], { name: 'job:plugin', args: ['node', 'comment', 'hi'] }],
    [
      ['plugin-data', { plugin: 'node', data: { a: 1 }, method: 'push', path: 'x' }],
      { name: 'job:plugin', args: ['node', 'data', { data: { a: 1 }, method: 'push', path: 'x' }] },
    ],
    [['warning', { of: 'bees' }, 2], { name: 'job:plugin', args: ['node', 'warning', { of: 'bees' }, 2] }],
  ])('and back: %j', (status, event) => {
    expect(sayingOf('node', status)).toEqual({ kind: 'event', event });
    expect(new StriderStatuses().of(event, 0)).toMatchObject([status]);
  });

  test.each<[StriderStatus, StriderSaying]>([
    [['stderr', 'text'], { kind: 'output', stream: 'stderr', text: 'text' }],
    [['stdout'], { kind: 'output', stream: 'stdout', text: '' }],
    [['command.start', { command: 'git pull' }], { kind: 'command', command: 'git pull' }],
    [['command.start'], { kind: 'command', command: '' }],
    [['command.done', { exitCode: 3 }], { kind: 'command-done', exitCode: 3 }],
    [['command.done', { exitCode: null }], { kind: 'command-done', exitCode: 1 }],
  ])('what a plugin says of its own commands: %j', (status, saying) => expect(sayingOf('p', status)).toEqual(saying));
});
