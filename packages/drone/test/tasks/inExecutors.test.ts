import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { create } from 'tar';
import type { DroneOptions } from '../../src/index.js';
import { Hive } from '../helpers/startedDrones.js';
import type { Received } from '../helpers/TestQueen.js';
import { TempFolder, until } from '../helpers/waiting.js';

const errorOf = (received: Received): unknown => received.events.find(([, name]) => name === 'job:errored')?.[2];
const resultOf = (received: Received): unknown => received.events.find(([, name]) => name === 'job:result')?.[2];

/** Writes a module of handlers into a folder that finds `@skep/drone` and `zod` as a user's would. */
function written(hive: Hive, name: string, source: string): string {
  const modules = hive.path('node_modules');
  if (!existsSync(modules)) {
    mkdirSync(join(modules, '@skep'), { recursive: true });
    symlinkSync(fileURLToPath(new URL('../..', import.meta.url)), join(modules, '@skep/drone'));
    symlinkSync(fileURLToPath(new URL('../../node_modules/zod', import.meta.url)), join(modules, 'zod'));
  }
  const file = hive.path(name);
  writeFileSync(file, source);
  return file;
}

let tasks = 0;
async function perform(hive: Hive, name: string, data?: unknown, job: object = {}): Promise<Received> {
  return hive.queen.ended(hive.queen.assign({ id: `t${++tasks}`, job_type: name, ...(data !== undefined && { data }), ...job }));
}
const withHandlers = (hive: Hive, source: string, options: Partial<DroneOptions> = {}): Promise<unknown> =>
  hive.drone({
    capacity: 1,
    ...options,
    handlerFiles: [written(hive, 'handlers.mjs', `import { compose, defineHandler } from '@skep/drone/handler';\n${source}`)],
  });

test('handlers of a module in TypeScript run in executors, one after another in the same process', async () => {
  await using hive = await Hive.start();
  const file = written(
    hive,
    'handlers.ts',
    `import { defineHandler } from '@skep/drone/handler';
     import * as z from 'zod';
     let runs: number = 0;
     export const who = defineHandler({ name: 'who', input: z.object({ n: z.number() }), run: ({ progress, log }, { n }) => {
       progress(0.5);
       log('working\\n');
       return { pid: process.pid, n: n + 1, runs: ++runs };
     } });
     export default [defineHandler({ name: 'other', run: () => 'other' })];`,
  );
  const drone = await hive.drone({ capacity: 1, handlerFiles: [file] });
  expect(drone.info.handlers).toEqual(['other', 'who', 'ping', 'fetch', 'targz']);
  expect(drone.info.inputs).toMatchObject({ who: { type: 'object', properties: { n: { type: 'number' } } } });
  const first = await perform(hive, 'who', { n: 1 });
  expect(first.names()).toEqual(['job:queued', 'job:started', 'job:progress', 'job:stdout', 'job:result', 'job:done']);
  const second = await perform(hive, 'who', { n: 5 });
  expect(resultOf(first)).toEqual({ pid: expect.any(Number), n: 2, runs: 1 });
  expect(resultOf(second)).toEqual({ pid: (resultOf(first) as { pid: number }).pid, n: 6, runs: 2 });
  expect((resultOf(first) as { pid: number }).pid).not.toBe(process.pid);
  expect(resultOf(await perform(hive, 'other'))).toBe('other');
  expect(errorOf(await perform(hive, 'who', {}))).toMatchObject({
    code: 'bad-input',
    message: expect.stringMatching(/^The input of who is not valid: n: /),
  });
  expect(errorOf(await perform(hive, 'nobody'))).toMatchObject({ code: 'unknown-handler' });
});

test.each<[string, string | undefined, RegExp]>([
  ['is not there', undefined, /^The handlers in .*handlers.mjs cannot be loaded: Cannot find module/],
  ['does not parse', 'export const = 1', /^The handlers in .* cannot be loaded: Unexpected token/],
  ['throws', 'throw new Error("no database")', /^The handlers in .* cannot be loaded: no database$/],
  ['has none', 'export const a = 1', /handlers.mjs exports no handler$/],
  ['has a wrong one', 'export const a = { name: "a", run: 1 }', /^a is no handler: run must be a function$/],
  ['ends the process', 'console.error("bye"); process.exit(3)', /could not be loaded .*: bye$/],
])('a module that %s keeps the drone from starting', async (_, source, message) => {
  await using hive = await Hive.start();
  const file = source === undefined ? hive.path('handlers.mjs') : written(hive, 'handlers.mjs', source);
  await expect(hive.drone({ handlerFiles: [file] })).rejects.toMatchObject({
    code: 'INVALID_CONFIG',
    message: expect.stringMatching(message),
  });
  hive.drones.length = 0;
});

describe('a handler in an executor', () => {
  test.each([
    ['does not listen to its signal', '() => new Promise(() => setInterval(() => {}, 1000))'],
    [
      'never gives the event loop back',
      '({ progress }) => { progress(1); setTimeout(() => { for (;;); }, 30); return new Promise(() => {}); }',
    ],
  ])('that %s is over after the grace, and its executor is replaced', async (_, run) => {
    await using hive = await Hive.start();
    await withHandlers(
      hive,
      `export const a = defineHandler({ name: 'a', run: ${run} }); export const pid = defineHandler({ name: 'pid', run: () => process.pid });`,
    );
    const before = resultOf(await perform(hive, 'pid'));
    const received = hive.queen.assign({ id: 'stuck', job_type: 'a' });
    await until(() => received.names().includes('job:started'), 'its start');
    await new Promise((resolve) => setTimeout(resolve, 60));
    hive.queen.socket!.emit('job:cancel', 'stuck', 'enough');
    expect(errorOf(await hive.queen.ended(received))).toEqual({ code: 'cancelled', message: 'enough' });
    expect(resultOf(await perform(hive, 'pid'))).not.toBe(before);
  });

  test('has the limits of its job, and those of its executor if it stands still', async () => {
    await using hive = await Hive.start();
    await withHandlers(
      hive,
      `const until = (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
       export const a = [defineHandler({ name: 'waits', run: ({ signal }) => until(signal) }), defineHandler({ name: 'spins', run: () => { for (;;); } })];`,
    );
    expect(errorOf(await perform(hive, 'waits', 1, { timeout: { job: 0.1 } }))).toEqual({
      code: 'timed-out',
      message: 'no end after 0.1 s',
    });
    expect(errorOf(await perform(hive, 'waits', 1, { timeout: { silence: 0.1 } }))).toEqual({
      code: 'timed-out',
      message: 'silent for 0.1 s',
    });
    expect(errorOf(await perform(hive, 'spins', 1, { timeout: { job: 0.1 } }))).toMatchObject({ code: 'timed-out' });
    expect(resultOf(await perform(hive, 'ping'))).toBe('pong');
  });

  test('fails by what it throws where nobody can catch it, and not by rejections that nobody awaits', async () => {
    await using hive = await Hive.start();
    await withHandlers(
      hive,
      `export const a = [
         defineHandler({ name: 'throws', run: () => new Promise(() => setTimeout(() => { throw new Error('from a timer'); }, 5)) }),
         defineHandler({ name: 'rejects', run: async () => { void Promise.reject('left alone'); await new Promise((r) => setTimeout(r, 20)); return 1; } }),
         defineHandler({ name: 'exits', run: () => process.exit(3) }),
       ];`,
    );
    const thrown = await perform(hive, 'throws');
    expect(errorOf(thrown)).toEqual({ code: 'handler-failed', message: 'an error that nobody caught: from a timer' });
    const rejected = await perform(hive, 'rejects');
    expect(resultOf(rejected)).toBe(1);
    expect(rejected.output().toString()).toBe('[skep] a promise that nobody awaited was rejected: left alone\n');
    expect(errorOf(await perform(hive, 'exits'))).toEqual({
      code: 'executor-died',
      message: 'The executor ended with exit code 3 in the middle of the attempt',
    });
    expect(resultOf(await perform(hive, 'ping', { a: 1 }))).toEqual({ a: 1 });
  });

  test('knows when the drone is about to leave', async () => {
    await using hive = await Hive.start();
    await withHandlers(
      hive,
      `export const a = defineHandler({ name: 'a', run: ({ draining, progress }) => new Promise((resolve) => {
         draining.addEventListener('abort', () => resolve('early'));
         progress('listening');
       }) });`,
    );
    const received = hive.queen.assign({ id: 'long', job_type: 'a' });
    await until(() => received.names().includes('job:progress'), 'its progress');
    await hive.drones[0]?.drain();
    expect(resultOf(received)).toBe('early');
  });
});

describe('fetch and targz', () => {
  let plain: Hive;
  let server: Server;
  let folder: TempFolder;
  let url: string;
  const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

  beforeAll(async () => {
    plain = await Hive.start();
    await plain.drone({ capacity: 1, handlerFiles: [] });
    folder = new TempFolder();
    mkdirSync(join(folder.path, 'in/deep'), { recursive: true });
    writeFileSync(join(folder.path, 'in/deep/hello.txt'), 'hello');
    await create({ file: join(folder.path, 'a.tgz'), cwd: folder.path, gzip: true }, ['in']);
    writeFileSync(join(folder.path, 'cut.tgz'), readFileSync(join(folder.path, 'a.tgz')).subarray(0, 60));
    await create({ file: join(folder.path, 'out.tgz'), cwd: join(folder.path, 'in'), gzip: true, preservePaths: true, prefix: '../evil' }, [
      'deep',
    ]);
    server = createServer(({ url: path = '' }, response) => {
      const file = join(folder.path, path);
      if (path === '/cut') response.writeHead(200, { 'content-length': 100 }).end('short');
      else if (existsSync(file)) response.end(readFileSync(file));
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await plain[Symbol.asyncDispose]();
    server.closeAllConnections();
    server.close();
    folder[Symbol.dispose]();
  });

  test('get an archive and unpack it, as a composition of names', async () => {
    await using hive = await Hive.start();
    await withHandlers(
      hive,
      `import { readFileSync } from 'node:fs';
       export const sources = compose('sources', ['fetch', 'targz', function read(_, { folder, entries }) { return { entries, text: readFileSync(folder + '/in/deep/hello.txt', 'utf8') }; }]);`,
    );
    const digest = sha256(readFileSync(join(folder.path, 'a.tgz')));
    const received = await perform(hive, 'sources', { files: [{ url: `${url}/a.tgz`, sha256: digest }] });
    expect(errorOf(received)).toBeUndefined();
    expect(resultOf(received)).toEqual({ entries: 3, text: 'hello' });
    expect(hive.drones[0]?.info.inputs?.sources).toEqual(hive.drones[0]?.info.inputs?.fetch);

    const got = hive.path('got');
    expect(
      resultOf(await perform(hive, 'fetch', { to: got, files: [{ url: `${url}/a.tgz` }, { url: `${url}/a.tgz`, name: 'b.tgz' }] })),
    ).toMatchObject({
      folder: got,
      files: [{ file: join(got, 'a.tgz'), sha256: digest }, { file: join(got, 'b.tgz') }],
    });
  });

  test.each<[string, string, (to: string) => object, object]>([
    [
      'an address that is not there',
      'fetch',
      (to) => ({ to, files: [{ url: `${url}/none` }] }),
      { code: 'fetch-failed', message: /none answered 404 Not Found$/ },
    ],
    ['a body that is cut off', 'fetch', (to) => ({ to, files: [{ url: `${url}/cut` }] }), { code: 'fetch-failed' }],
    [
      'nobody at the address',
      'fetch',
      (to) => ({ to, files: [{ url: 'http://127.0.0.1:1/x' }] }),
      { code: 'fetch-failed', message: /ECONNREFUSED|bad port/ },
    ],
    ['another digest', 'fetch', (to) => ({ to, files: [{ url: `${url}/a.tgz`, sha256: '0'.repeat(64) }] }), { code: 'digest-differs' }],
    ['more than it may have', 'fetch', (to) => ({ to, maxBytes: 10, files: [{ url: `${url}/a.tgz` }] }), { code: 'too-large' }],
    [
      'another protocol',
      'fetch',
      (to) => ({ to, files: [{ url: 'file:///etc/passwd' }] }),
      { code: 'bad-input', message: /files.0.url: must be an http or https address/ },
    ],
    ['a name that leads elsewhere', 'fetch', (to) => ({ to, files: [{ url: `${url}/a.tgz`, name: '../x' }] }), { code: 'bad-input' }],
    ['an archive that is cut off', 'targz', (to) => ({ to, files: [{ file: join(folder.path, 'cut.tgz') }] }), { code: 'unpack-failed' }],
    [
      'a file that is no archive',
      'targz',
      (to) => ({ to, files: [{ file: join(folder.path, 'in/deep/hello.txt') }] }),
      { code: 'unpack-failed' },
    ],
    [
      'an archive that leads elsewhere',
      'targz',
      (to) => ({ to, files: [{ file: join(folder.path, 'out.tgz') }] }),
      { code: 'unpack-failed', message: /\.\./ },
    ],
    [
      'too much in an archive',
      'targz',
      (to) => ({ to, maxBytes: 3, files: [{ file: join(folder.path, 'a.tgz') }] }),
      { code: 'too-large' },
    ],
  ])('refuse %s by name, and leave no file', async (_, name, data, { code, message }: { code?: string; message?: RegExp }) => {
    const to = plain.path(`to${++tasks}`);
    expect(errorOf(await perform(plain, name, data(to)))).toEqual({
      code,
      message: message ? expect.stringMatching(message) : expect.any(String),
    });
    expect(existsSync(to) ? readdirSync(to, { recursive: true }).filter((each) => !['in', 'in/deep'].includes(String(each))) : []).toEqual(
      [],
    );
  });
});
