import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import * as z from 'zod';
import { Drone, type DroneOptions, type HandlerContext } from '../../src/index.js';
import { compose, defineHandler } from '../../src/tasks/handler.js';
import { Hive } from '../helpers/startedDrones.js';
import type { Received } from '../helpers/TestQueen.js';
import { until } from '../helpers/waiting.js';

const errorOf = (received: Received): unknown => received.events.find(([, name]) => name === 'job:errored')?.[2];
const resultOf = (received: Received): unknown => received.events.find(([, name]) => name === 'job:result')?.[2];
const progressOf = (received: Received): unknown[] =>
  received.events.flatMap(([, name, value]) => (name === 'job:progress' ? [value] : []));

/** Performs one task on a drone with these handlers. */
async function performed(hive: Hive, handlers: DroneOptions['handlers'], data?: unknown, name = 'task'): Promise<Received> {
  await hive.drone({ handlers: handlers ?? {} });
  return hive.queen.ended(hive.queen.assign({ id: 't', job_type: name, ...(data !== undefined && { data }) }));
}

const resize = defineHandler({
  name: 'task',
  input: z.object({ width: z.number().int().positive(), unit: z.string().default('px') }),
  output: z.object({ text: z.string() }),
  // The types follow from the schemas: `width.toFixed` and a `text` that is no string would not compile otherwise.
  run: (_, { width, unit }) => ({ text: width.toFixed() + unit }),
});
const circular: Record<string, unknown> = {};
circular.self = circular;
const unreadable = Object.defineProperty(new Error('it has words'), 'message', {
  get: () => {
    throw new Error('not these');
  },
});
const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

test('input becomes what its schema makes of it, and output is checked', async () => {
  await using hive = await Hive.start();
  expect(resultOf(await performed(hive, [resize], { width: 3 }))).toEqual({ text: '3px' });
  expect(hive.queen.infos.at(-1)).toMatchObject({
    handlers: ['task'],
    inputs: { task: { type: 'object', properties: { width: { type: 'integer' } }, required: ['width'] } },
  });
});

test.each<[string, () => unknown, string, RegExp]>([
  ['a result with circles', () => circular, 'bad-output', /^the result has no JSON: .*circular/i],
  ['a bigint', () => 10n, 'bad-output', /^the result has no JSON: .*BigInt/],
  ['a function', () => () => 1, 'bad-output', /^the result has no JSON: it is a function$/],
  ['a result that is too large', () => 'x'.repeat(5_000_000), 'result-too-large', /5000002 bytes of JSON; \d+ are the most/],
  ['a result of too many values', () => new Array(60_000).fill(0), 'result-too-large', /more than 50000 values/],
  ['a result that is too deep', () => nested(95), 'result-too-large', /more than 90 levels/],
  ['undefined, thrown', () => Promise.reject(undefined), 'handler-failed', /^it threw undefined$/],
  ['a word, thrown', () => Promise.reject('no luck'), 'handler-failed', /^no luck$/],
  ['an object with circles, thrown', () => Promise.reject(circular), 'handler-failed', /^it threw <ref \*1> { self: \[Circular \*1\] }$/],
  [
    'an error without words',
    () => Promise.reject(Object.assign(new RangeError('gone'), { message: '' })),
    'handler-failed',
    /^it threw RangeError/,
  ],
  ['an error that cannot be read', () => Promise.reject(unreadable), 'handler-failed', /cannot be put into words/],
  ['progress without JSON', (({ progress }: HandlerContext) => progress(10n)) as never, 'bad-progress', /^the progress has no JSON/],
  ['progress that is too large', (({ progress }: HandlerContext) => progress('x'.repeat(70_000))) as never, 'bad-progress', /70002 bytes/],
])('%s is a named error', async (_, task, code, message) => {
  await using hive = await Hive.start();
  expect(errorOf(await performed(hive, { task }))).toEqual({ code, message: expect.stringMatching(message) });
});

test.each<[string, unknown, string, string]>([
  ['input', { width: -1 }, 'bad-input', 'The input of task is not valid: width: Too small: expected number to be >0'],
  ['missing input', undefined, 'bad-input', 'The input of task is not valid: Invalid input: expected object, received undefined'],
])('bad %s is refused by name', async (_, data, code, message) => {
  await using hive = await Hive.start();
  expect(errorOf(await performed(hive, [resize], data))).toEqual({ code, message });
});

test('bad output is an error', async () => {
  await using hive = await Hive.start();
  const task = defineHandler({ name: 'task', output: z.object({ n: z.number() }), run: () => ({ n: 'no' }) as never });
  expect(errorOf(await performed(hive, [task]))).toMatchObject({ code: 'bad-output', message: /^The result of task is not valid: n: / });
});

test('a flood of progress is gathered, and the last is told', async () => {
  await using hive = await Hive.start();
  const received = await performed(hive, {
    task: async ({ progress }) => {
      for (let n = 1; n <= 10_000; n++) {
        progress(n);
        if (n % 1000 === 0) await new Promise(setImmediate);
      }
    },
  });
  const told = progressOf(received) as number[];
  expect(told.slice(0, 3)).toEqual([1, 2, 3]);
  expect(told.at(-1)).toBe(10_000);
  expect(told.length).toBeLessThan(100);
  expect(told).toEqual([...told].sort((a, b) => a - b));
});

test('a rejection that nobody awaited is told in the output, and ends the process only if it is not of a task', async () => {
  await using hive = await Hive.start();
  const script = fileURLToPath(new URL('../fixtures/leaving.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, hive.queen.url, hive.path('data')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let words = '';
  child.stderr.on('data', (bytes) => {
    words += bytes;
  });
  const exit = once(child, 'exit');
  await until(() => hive.queen.infos.length > 0, 'the drone');
  const received = await hive.queen.ended(hive.queen.assign({ id: 't', job_type: 'task' }));
  expect(resultOf(received)).toBe(1);
  expect(received.output().toString()).toBe('[skep] a promise that nobody awaited was rejected: left alone\n');
  expect(resultOf(await hive.queen.ended(hive.queen.assign({ id: 'next', job_type: 'long' })))).toBe('still there');
  child.kill('SIGUSR2');
  expect(await exit).toEqual([1, null]);
  expect(words).toContain('Error: not of a task');
});

test('a composition hands each result on, and its progress names the step', async () => {
  await using hive = await Hive.start();
  const double = defineHandler({
    name: 'double',
    input: z.number(),
    output: z.number(),
    run: ({ progress }, n) => {
      progress('half way');
      return n * 2;
    },
  });
  const received = await performed(hive, [double, compose('task', ['double', (_, n: number) => n + 1, double])], 5);
  expect(resultOf(received)).toBe(22);
  expect(progressOf(received)).toEqual([
    { step: 'double', number: 1, of: 3 },
    { step: 'double', number: 1, of: 3, value: 'half way' },
    { step: 'function', number: 2, of: 3 },
    { step: 'double', number: 3, of: 3 },
    { step: 'double', number: 3, of: 3, value: 'half way' },
  ]);
  expect(hive.queen.infos.at(-1)?.inputs).toEqual({ double: { type: 'number' }, task: { type: 'number' } });
});

test('the first step that fails ends a composition', async () => {
  await using hive = await Hive.start();
  const never = (): never => {
    throw new Error('was begun');
  };
  const received = await performed(hive, [resize, compose('both', [resize, 'task', never])], { width: 1 }, 'both');
  expect(errorOf(received)).toEqual({
    code: 'bad-input',
    message: 'step 2 (task): The input of task is not valid: width: Invalid input: expected number, received undefined',
  });
});

test.each<[string, DroneOptions['handlers'], string]>([
  ['has a step that there is not', [compose('a', ['b'])], 'a has a step b, and there is no such handler'],
  ['is a step of itself', [compose('a', ['b']), compose('b', ['a'])], 'a is a step of itself'],
  ['has no steps', [compose('a', [])], 'a is no handler: steps Too small: expected array to have >=1 items'],
  ['has the name of another', [resize, { ...resize }], 'Two handlers are called task'],
  ['has no name', [{ ...resize, name: '' }], ' is no handler: name Too small: expected string to have >=1 characters'],
  ['has a schema that is none', [{ ...resize, input: { type: 'object' } as never }], 'task is no handler: input must be a schema of zod'],
])('a handler that %s keeps the drone from being made', async (_, handlers, message) => {
  await using hive = await Hive.start();
  const make = (): Drone => new Drone({ queen: hive.queen.url, dataDir: hive.path('d'), speed: 1, capacity: 1, handlers: handlers ?? {} });
  expect(make).toThrow(expect.objectContaining({ code: 'INVALID_CONFIG', message }));
});

test('tasks have a folder of their own, and know when the drone is about to leave', async () => {
  await using hive = await Hive.start();
  let place = '';
  const drone = await hive.drone({
    handlers: {
      task: async ({ folder, draining }) => {
        place = await folder();
        if (!existsSync(place)) throw new Error('no folder');
        await new Promise((resolve) => draining.addEventListener('abort', resolve, { once: true }));
        return 'early';
      },
    },
  });
  const received = hive.queen.assign({ id: 't', job_type: 'task' });
  await until(() => place !== '', 'the folder');
  await drone.drain();
  expect(resultOf(received)).toBe('early');
  await until(() => !existsSync(place), 'the removal of the folder');
  drone.resume();
});
