import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { AssignedJob } from '@skep/protocol';
import type { AttemptContext } from '../../src/executor/AttemptContext.js';
import { ExecutorServer } from '../../src/executor/ExecutorServer.js';
import { FromExecutor, type ToExecutor } from '../../src/executor/executorMessages.js';
import { JsonLines } from '../../src/executor/JsonLines.js';
import { FileSpool } from '../../src/spool/FileSpool.js';
import { SpoolWriter } from '../../src/spool/SpoolWriter.js';
import { TempFolder, until } from '../helpers/waiting.js';

let folder: TempFolder;
let left: number[];
let sockets: Socket[];

beforeEach(() => {
  folder = new TempFolder();
  left = [];
  sockets = [];
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  folder[Symbol.dispose]();
});

const job = { id: 'j', job_id: 'j', attempt: 1, lease: 1, assigned: 1000 } as AssignedJob;
const spoolPath = (): string => join(folder.path, 'j.spool');
const drone = {
  name: 'd',
  queen: 'http://127.0.0.1:1',
  passEnv: [],
  graceMs: 100,
  maxOutput: 1e9,
  entry: '',
  plugins: [],
  pluginTimeoutMs: 1000,
  handlerFiles: [],
};

/** An executor in this process, whose attempts are what the test says. */
function listening(run: (context: AttemptContext) => Promise<void>, orphanMs = 60_000): void {
  SpoolWriter.create(spoolPath(), { id: 'j', attempt: 1, lease: 1, assigned: 1000, received: 0 }).close();
  const socketPath = join(folder.path, 'x.sock');
  new ExecutorServer({ dataDir: folder.path, socketPath, run, left: (code) => left.push(code), orphanMs }).listen();
}

async function supervisor(): Promise<{ told: FromExecutor[]; send: (message: ToExecutor) => void; leave: () => void }> {
  const socket = connect(join(folder.path, 'x.sock'));
  sockets.push(socket);
  const told: FromExecutor[] = [];
  const lines = new JsonLines<FromExecutor, ToExecutor>(socket, FromExecutor, (message) => told.push(message));
  await until(() => told.length > 0, 'the greeting');
  return { told, send: (message) => lines.send(message), leave: () => socket.destroy() };
}

const namesOf = (): string[] =>
  FileSpool.open(spoolPath())!
    .read(1e6)
    .events.map(([, name]) => name);
const hasEnded = (): boolean => FileSpool.open(spoolPath())!.hasEnd();

describe('an executor', () => {
  test('runs an attempt and tells once a turn that there is more', async () => {
    listening(async ({ emit, now }) => {
      for (let n = 0; n < 100; n++) emit({ name: 'job:cmd:stdout', args: [0, 'x'] });
      emit({ name: 'job:done', args: [now()] });
    });
    const { told, send } = await supervisor();
    send({ run: { job, spoolPath: spoolPath(), elapsedMs: 0, drone } });
    await until(() => told.some((message) => 'ended' in message), 'the end');
    expect(hasEnded()).toBe(true);
    expect(told.filter((message) => 'spooled' in message).length).toBeLessThan(5);
    send({ retire: true });
    await until(() => left.length > 0, 'its leaving');
    expect(left).toEqual([0]);
  });

  test('ends the spool of an attempt that broke in a way nobody thought of', async () => {
    listening(() => Promise.reject(new Error('a bug')));
    const { told, send } = await supervisor();
    send({ run: { job, spoolPath: spoolPath(), elapsedMs: 0, drone } });
    await until(() => told.some((message) => 'ended' in message), 'the end');
    expect(namesOf()).toEqual(['job:errored', 'job:done']);
    send({ retire: true });
  });

  test('goes on without a supervisor, tells the next one what it runs, and lets itself be cancelled by it', async () => {
    listening(({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))));
    const first = await supervisor();
    first.send({ run: { job, spoolPath: spoolPath(), elapsedMs: 0, drone } });
    first.leave();
    let second = await supervisor();
    while (!('hello' in second.told[0]! && second.told[0].hello.running)) second = await supervisor();
    expect(second.told[0]).toMatchObject({ hello: { pid: process.pid, running: { id: 'j', attempt: 1 } } });
    second.send({ cancel: { id: 'j', attempt: 1, code: 'cancelled', message: 'enough' } });
    await until(() => second.told.some((message) => 'ended' in message), 'the end');
    expect(FileSpool.open(spoolPath())!.read(1e6).events[0]!.slice(1, 3)).toEqual([
      'job:errored',
      { code: 'cancelled', message: 'enough' },
    ]);
    second.send({ retire: true });
  });

  test('leaves when it is idle and no supervisor comes', async () => {
    listening(async () => {}, 50);
    const { leave } = await supervisor();
    leave();
    await until(() => left.length > 0, 'its leaving');
    expect(left).toEqual([0]);
  });

  test('drops a connection that says something else, and takes the next', async () => {
    listening(async () => {});
    await supervisor();
    const socket = sockets[0]!;
    socket.write('{"run": 1}\n');
    await until(() => socket.destroyed, 'the end of the connection');
    const { send } = await supervisor();
    send({ retire: true });
    await until(() => left.length > 0, 'its leaving');
  });
});
