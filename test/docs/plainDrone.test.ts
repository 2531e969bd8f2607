import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeExamples, type ExampleDrone, exampleFolder } from './plainDrones.js';
import { PlainQueen } from './plainQueen.js';

test('the drone in JavaScript has at most 60 lines and imports nothing but socket.io-client', () => {
  const text = readFileSync(resolve(exampleFolder, 'drone.mjs'), 'utf8');
  expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(60);
  expect([...text.matchAll(/from '([^']+)'/g)].map(([, name]) => name).filter((name) => !name?.startsWith('node:'))).toEqual([
    'socket.io-client',
  ]);
});

describeExamples((start) => {
  const queen = new PlainQueen();
  let drone: ExampleDrone;

  beforeAll(async () => {
    drone = start(await queen.start(), 'mini');
  });
  afterAll(async () => {
    await drone[Symbol.asyncDispose]();
    await queen.close();
  });

  test('says what it is when it is asked', async () =>
    expect(await queen.until('drone:info')).toEqual([expect.objectContaining({ id: 'mini' })]));

  test('runs every command of a job and reports it', async () => {
    const test = ['echo "hello $WHO"; echo "to the other side" >&2; exit 5', 'echo never'];
    queen.give({
      id: 'job-1',
      env: { WHO: 'grün' },
      phases: { prepare: [{ command: 'printf', args: ['%s', '$x'], screencmd: 'print' }], test, cleanup: ['true'] },
    });
    await queen.until('job:done', ([id]) => id === 'job-1');
    const events = queen.of('job-1');
    const outputs = events.filter(([event]) => event === 'job:cmd:stdout' || event === 'job:cmd:stderr');
    expect(events.filter((event) => !outputs.includes(event)).map((event) => event.map((arg) => arg ?? null))).toEqual([
      ['job:started'],
      ['job:phase', 'prepare'],
      ['job:cmd:start', 0, 'printf %s $x', 'print'],
      ['job:cmd:done', 0, 0, null],
      ['job:phase', 'test'],
      ['job:cmd:start', 1, test[0], null],
      ['job:cmd:done', 1, 5, null],
      ['job:tested', 5],
      ['job:phase', 'cleanup'],
      ['job:cmd:start', 2, 'true', null],
      ['job:cmd:done', 2, 0, null],
      ['job:done'],
    ]);
    expect(outputs.sort()).toEqual([
      ['job:cmd:stderr', 1, 'to the other side\n'],
      ['job:cmd:stdout', 0, '$x'],
      ['job:cmd:stdout', 1, 'hello grün\n'],
    ]);
  });

  test('reports 127 for a program that is not there', async () => {
    queen.give({ id: 'job-2', phases: { test: [{ command: 'no-such-program', args: [] }] } });
    await queen.until('job:done', ([id]) => id === 'job-2');
    expect(queen.of('job-2')).toContainEqual(['job:tested', 127]);
  });

  test('ends the whole group of processes of a job that is cancelled, and runs its clean-up', async () => {
    queen.give({
      id: 'job-3',
      job_type: 'TEST&DEPLOY',
      phases: { test: ['sleep 600 & echo started; wait'], deploy: ['true'], cleanup: ['echo swept'] },
    });
    await queen.until('job:cmd:stdout', ([id]) => id === 'job-3');
    queen.tell('job:cancel', 'job-3', 'not needed any more');
    await queen.until('job:done', ([id]) => id === 'job-3');
    expect(queen.of('job-3')).toContainEqual(['job:cmd:done', 0, 143, 'SIGTERM']);
    expect(queen.of('job-3')).toContainEqual(['job:cmd:stdout', 1, 'swept\n']);
    expect(queen.of('job-3')).not.toContainEqual(['job:phase', 'deploy']);
  });

  test('comes back by itself, and says what it could not say meanwhile', async () => {
    queen.give({ id: 'job-4', phases: { test: ['echo before; sleep 0.5; echo after'] } });
    await queen.until('job:cmd:stdout', ([id]) => id === 'job-4');
    const from = queen.said.length;
    queen.breakConnection();
    await queen.until('drone:info', undefined, from);
    await queen.until('job:done', ([id]) => id === 'job-4');
    expect(queen.of('job-4')).toContainEqual(['job:cmd:stdout', 0, 'before\nafter\n']);
  });

  test('has said nothing that the protocol does not know', () => expect(queen.errors).toEqual([]));
});
