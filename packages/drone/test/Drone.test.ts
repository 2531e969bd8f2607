import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SkepError } from '@skep/protocol';
import { Drone, type DroneOptions, type Handler } from '../src/index.js';
import { type Received, TestQueen } from './helpers/TestQueen.js';
import { isAlive, TempFolder, until } from './helpers/waiting.js';

let queen: TestQueen;
let folder: TempFolder;
let drones: Drone[];

beforeEach(async () => {
  queen = await new TestQueen().start();
  folder = new TempFolder();
  drones = [];
});

afterEach(async () => {
  for (const drone of drones) {
    drone.cancelAll('the test is over');
    await drone.stop();
  }
  await queen.stop();
  folder[Symbol.dispose]();
});

function aDrone(options: Partial<DroneOptions> = {}): Drone {
  const drone = new Drone({ queen: queen.url, dataDir: folder.path, speed: 5, capacity: 2, graceMs: 300, ...options });
  drones.push(drone);
  return drone;
}

async function started(options: Partial<DroneOptions> = {}): Promise<Drone> {
  const drone = aDrone(options);
  await drone.start();
  return drone;
}

const build = (id: string, ...test: string[]): { id: string; phases: object } => ({ id, phases: { test } });
const pidIn = (name: string): number => Number(readFileSync(join(folder.path, name), 'utf8'));
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const spools = (): string[] => readdirSync(join(folder.path, 'spool'));

/** The attempt is whole: as many events as its end says, and the output that it hashed. */
function expectWhole(received: Received): void {
  expect(received.end).toEqual({ events: received.events.length, sha256: sha256(received.output()) });
  expect(received.names().slice(0, 2)).toEqual(['job:queued', 'job:started']);
  expect(received.names().at(-1)).toBe('job:done');
}

const errorOf = (received: Received): unknown => received.events.find(([, name]) => name === 'job:errored')?.[2];

describe('a drone', () => {
  test('says what it is, under an id that is the same after every start', async () => {
    const first = await started({ name: 'b1', labels: { gpu: 'yes' }, handlers: { resize: () => 1 } });
    await first.stop();
    drones = [];
    await started({ handlers: {} });
    expect(queen.infos[0]).toMatchObject({ name: 'b1', speed: 5, capacity: 2, labels: { gpu: 'yes' }, handlers: ['resize'] });
    expect(queen.greetings.map(({ id }) => id)).toEqual([first.info.id, first.info.id]);
    expect(new Set(queen.greetings.map(({ session }) => session)).size).toBe(2);
    queen.socket!.emit('drone:query-info');
    await until(() => queen.infos.filter(({ name }) => name !== 'b1').length > 1, 'the answer to drone:query-info');
  });

  test('runs a build in an executor and reports every byte of it', async () => {
    await started();
    const received = await queen.ended(queen.assign(build('j:1@x', 'echo out; echo err >&2', 'head -c 300000 /dev/urandom')));
    expectWhole(received);
    expect(received.output().subarray(0, 4).toString()).toMatch(/out|err/);
    expect(received.output().length).toBe(300_008);
    expect(received.events.find(([, name]) => name === 'job:tested')?.[2]).toBe(0);
    await until(() => spools().length === 0, 'the end of the spool');
  });

  test('keeps head and tail of more output than the limit, and the attempt passes', async () => {
    await started({ maxOutput: 100_000 });
    const received = await queen.ended(queen.assign(build('j', 'seq 1 1000000', 'echo after')));
    expectWhole(received);
    expect(received.output().length).toBeLessThanOrEqual(100_000);
    expect(received.output().toString()).toMatch(/^1\n2\n.*\n\[skep: \d+ bytes .* limit of 100000\]\n.*\n999999\n1000000\nafter\n$/s);
    expect(received.names()).not.toContain('job:errored');
  });

  test('goes on at the cursor after any number of lost connections, nothing missing and nothing twice', async () => {
    await started();
    const received = queen.assign(build('j', `i=0; while [ ! -e ${folder.path}/go ]; do echo line $i; i=$((i+1)); sleep 0.002; done`));
    for (let n = 1; n <= 3; n++) {
      const { length } = received.events;
      await until(() => received.events.length > length + 3, 'more events');
      queen.socket!.conn.close();
      await until(() => queen.resumed.length === n + 1, 'the next connection');
    }
    writeFileSync(join(folder.path, 'go'), '');
    await queen.ended(received);
    expectWhole(received);
    const lines = received.output().toString().split('\n').slice(0, -1);
    expect(lines).toEqual(lines.map((_, n) => `line ${n}`));
    expect(queen.resumed[1]).toMatchObject([{ id: 'j', attempt: 1, lease: 1 }]);
  });

  test('builds on while the queen is gone, and reports when it is back', async () => {
    await started();
    const received = queen.assign(build('j', 'echo one', `while [ ! -e ${folder.path}/go ]; do sleep 0.02; done; echo two`));
    await until(() => received.output().toString() === 'one\n', 'the first line');
    await queen.stop();
    writeFileSync(join(folder.path, 'go'), '');
    await queen.start();
    await queen.ended(received);
    expectWhole(received);
    expect(received.output().toString()).toBe('one\ntwo\n');
  });

  test('takes the same attempt once, and keeps those beyond its capacity in order', async () => {
    await started({ capacity: 1 });
    const first = queen.assign(build('a', 'sleep 0.2'));
    const second = queen.assign(build('b', 'true'));
    queen.socket!.emit('queue:new', { ...build('a', 'echo again'), job_id: 'a', attempt: 1, lease: 1, assigned: 1 });
    await until(() => second.events.length > 0, 'the word that b waits');
    expect(second.names()).toEqual(['job:queued']);
    await queen.ended(second);
    expect(first.end).toBeDefined();
    expectWhole(first);
    expect(first.output()).toHaveLength(0);
  });

  test.each([
    ['that runs', 1],
    ['that waits for a slot', 2],
  ])('ends an attempt %s when its job is cancelled', async (_, capacityUsed) => {
    await started({ capacity: 1 });
    const blocker = capacityUsed === 2 ? queen.assign(build('blocker', 'sleep 0.5')) : undefined;
    const received = queen.assign(build('j', 'sleep 60'));
    await until(() => received.names().includes(blocker ? 'job:queued' : 'job:cmd:start'), 'the attempt');
    queen.socket!.emit('job:cancel', 'j', 'not needed');
    await queen.ended(received);
    expect(errorOf(received)).toEqual({ code: 'cancelled', message: 'not needed' });
    expect(received.end).toMatchObject({ events: received.events.length });
    if (blocker) await queen.ended(blocker);
  });

  test('kills an attempt and drops its spool when its lease has ended', async () => {
    await started();
    const received = queen.assign(build('j', `echo $$ > ${folder.path}/pid; while true; do echo x; sleep 0.01; done`));
    await until(() => received.events.length > 8, 'some output');
    queen.behaviour.onFrame = () => ({ error: { code: 'LEASE_ENDED', message: 'another runs it' } });
    await until(() => spools().length === 0, 'the end of the spool');
    expect(isAlive(pidIn('pid'))).toBe(false);
    queen.behaviour = {};
    expectWhole(await queen.ended(queen.assign(build('next', 'true'))));
  });

  test('drains and resumes, and tells the queen both', async () => {
    const drone = await started();
    const running = queen.assign(build('j', `while [ ! -e ${folder.path}/go ]; do sleep 0.02; done`));
    await until(() => running.names().includes('job:cmd:start'), 'the command');
    let isDrained = false;
    const drained = drone.drain().then(() => {
      isDrained = true;
    });
    await until(() => queen.infos.at(-1)?.draining === true, 'the word that it drains');
    expect(isDrained).toBe(false);
    drone.resume();
    await drained;
    await until(() => queen.infos.at(-1)?.draining === undefined, 'the word that it goes on');
    writeFileSync(join(folder.path, 'go'), '');
    await queen.ended(running);
    await drone.drain();
    await until(() => queen.infos.at(-1)?.draining === true, 'the word that it drains again');
  });

  test('stops what the queen no longer wants after a reconnect', async () => {
    await started();
    const received = queen.assign(build('j', 'sleep 60'));
    await until(() => received.names().includes('job:cmd:start'), 'the command');
    queen.behaviour.verdict = ({ id, attempt }) => ({ id, attempt, action: 'stop', reason: 'it was given to another' });
    queen.socket!.conn.close();
    await until(() => queen.resumed.length === 2 && spools().length === 0, 'the end of the spool');
    expect(received.end).toBeUndefined();
  });

  test('sends again what the queen could not store', async () => {
    await started();
    let refusals = 2;
    queen.behaviour.onFrame = () => (refusals-- > 0 ? { error: { code: 'STORE_FULL', message: 'full' } } : undefined);
    const received = await queen.ended(queen.assign(build('j', 'echo kept')));
    expectWhole(received);
    expect(received.output().toString()).toBe('kept\n');
  });

  test('replaces an executor that is killed, and says what became of its attempt and kills what it left', async () => {
    await started();
    const received = queen.assign(build('j', `echo $$ > ${folder.path}/pid; echo $PPID > ${folder.path}/executor; echo here; sleep 60`));
    await until(() => received.output().toString() === 'here\n', 'the output');
    process.kill(pidIn('executor'), 'SIGKILL');
    await queen.ended(received);
    expectWhole(received);
    expect(errorOf(received)).toMatchObject({ code: 'executor-died', message: expect.stringContaining('SIGKILL') });
    expect(isAlive(pidIn('pid'))).toBe(false);
    expectWhole(await queen.ended(queen.assign(build('next', 'true'))));
  });

  test('drains: takes what it has to its end, and says that it takes no more', async () => {
    const drone = await started();
    const received = queen.assign(build('j', 'sleep 0.2'));
    await until(() => received.events.length > 0, 'the attempt');
    await drone.drain();
    expectWhole(received);
    expect(queen.infos.at(-1)).toMatchObject({ draining: true });
  });

  test('keeps its data folder to itself', async () => {
    const drone = await started();
    await expect(aDrone().start()).rejects.toMatchObject({ code: 'DATA_IN_USE' });
    drones = [drone];
  });
});

describe('a supervisor that is killed', () => {
  test('is followed by one that goes on with what its executors do, with all of the output', async () => {
    const script = fileURLToPath(new URL('./fixtures/drone.mjs', import.meta.url));
    const child = spawn(process.execPath, [script, queen.url, folder.path], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout!, 'data');
    const running = queen.assign(
      build('runs', `i=0; while [ ! -e ${folder.path}/go ]; do echo $i; i=$((i+1)); sleep 0.01; done; echo end`),
    );
    await until(() => running.events.length > 10, 'some output');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const { length } = running.output();
    await started();
    expect(queen.resumed.at(-1)).toMatchObject([{ id: 'runs', attempt: 1, lease: 1 }]);
    await until(() => running.output().length > length, 'more output');
    writeFileSync(join(folder.path, 'go'), '');
    await queen.ended(running);
    expectWhole(running);
    const lines = running.output().toString().trimEnd().split('\n');
    expect(lines).toEqual([...Array.from({ length: lines.length - 1 }, (_, n) => String(n)), 'end']);
  });

  test('together with its executor is followed by one that ends the attempt and kills what is left', async () => {
    const script = fileURLToPath(new URL('./fixtures/drone.mjs', import.meta.url));
    const child = spawn(process.execPath, [script, queen.url, folder.path], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout!, 'data');
    const received = queen.assign(build('j', `echo $$ > ${folder.path}/pid; echo $PPID > ${folder.path}/executor; echo here; sleep 60`));
    await until(() => received.output().toString() === 'here\n', 'the output');
    child.kill('SIGKILL');
    process.kill(pidIn('executor'), 'SIGKILL');
    await once(child, 'exit');
    await started();
    await queen.ended(received);
    expectWhole(received);
    expect(errorOf(received)).toMatchObject({ code: 'executor-died' });
    expect(isAlive(pidIn('pid'))).toBe(false);
  });
});

describe('handlers', () => {
  test.each<[string, DroneOptions['handlers'] & object, string[], unknown]>([
    ['returns', { task: (_, data) => ({ got: data }) }, ['job:result'], { got: 1 }],
    ['returns later', { task: async () => 'later' }, ['job:result'], 'later'],
    ['returns nothing', { task: () => undefined }, ['job:result'], null],
    ['throws', { task: () => Promise.reject(new Error('no luck')) }, ['job:errored'], { code: 'handler-failed', message: 'no luck' }],
    ['is unknown', {}, ['job:errored'], { code: 'unknown-handler', message: 'This drone has no handler task' }],
  ])('a handler that %s', async (_, handlers, [name], value) => {
    await started({ handlers });
    const received = await queen.ended(queen.assign({ id: 't', job_type: 'task', data: 1 }));
    expect(received.events.find((event) => event[1] === name)?.[2]).toEqual(value);
    expect(received.names().at(-1)).toBe('job:done');
  });

  test('a task that does nothing costs one frame', async () => {
    await started({ handlers: { task: () => 1 }, capacity: 50 });
    const all = await Promise.all(Array.from({ length: 200 }, (_, n) => queen.ended(queen.assign({ id: `t${n}`, job_type: 'task' }))));
    for (const received of all) {
      expectWhole(received);
      expect(received.names()).toEqual(['job:queued', 'job:started', 'job:result', 'job:done']);
      expect(received.frames).toBe(1);
    }
  });

  test('say how far they are, write output, and are told when they shall stop', async () => {
    const text = 'é'.repeat(50_000);
    const task: Handler = ({ progress, log, signal }) => {
      progress(0.5);
      log(text);
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    };
    await started({ handlers: { task } });
    const received = queen.assign({ id: 't', job_type: 'task', timeout: { job: 0.2 } });
    await queen.ended(received);
    expectWhole(received);
    expect(received.output().toString()).toBe(text);
    expect(errorOf(received)).toEqual({ code: 'timed-out', message: 'no end after 0.2 s' });
  });

  test('that say nothing for too long are told to stop', async () => {
    await started({ handlers: { task: ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', reject)) } });
    const received = await queen.ended(queen.assign({ id: 't', job_type: 'task', timeout: { silence: 0.2 } }));
    expect(errorOf(received)).toEqual({ code: 'timed-out', message: 'silent for 0.2 s' });
  });

  test('that write more than the limit keep head and tail', async () => {
    const task: Handler = ({ log }) => {
      for (let n = 0; n < 1000; n++) log(`line ${n}\n`);
    };
    await started({ handlers: { task }, maxOutput: 1000 });
    const received = await queen.ended(queen.assign({ id: 't', job_type: 'task' }));
    expectWhole(received);
    expect(received.output().toString()).toMatch(/^line 0\n.*\n\[skep: \d+ bytes .* limit of 1000\]\n.*line 999\n$/s);
    expect(received.names()).toContain('job:result');
  });

  test('that do not listen to their signal do not keep the job', async () => {
    await started({ handlers: { task: () => new Promise(() => {}) }, graceMs: 50 });
    const received = queen.assign({ id: 't', job_type: 'task' });
    await until(() => received.events.length > 0, 'the attempt');
    queen.socket!.emit('job:cancel', 't', 'enough');
    expect(errorOf(await queen.ended(received))).toEqual({ code: 'cancelled', message: 'enough' });
  });
});

describe('a queen that says no', () => {
  const refuse = (code: 'UNAUTHENTICATED' | 'STORE_FAILED'): (() => never) => {
    const error = new SkepError(code);
    return () => {
      throw Object.assign(new Error(code), { data: error.toBody() });
    };
  };

  test('for good is not asked again', async () => {
    queen.behaviour.admit = refuse('UNAUTHENTICATED');
    const drone = aDrone({ token: 'wrong' });
    await expect(drone.start()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(drone.closed).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('for now is asked again', async () => {
    queen.behaviour.admit = refuse('STORE_FAILED');
    const drone = aDrone();
    const start = drone.start();
    setTimeout(() => {
      queen.behaviour = {};
    }, 50);
    await start;
    expect(queen.resumed).toEqual([[]]);
  });

  test('nothing at all can be left', async () => {
    await queen.stop();
    const drone = aDrone();
    const start = drone.start();
    await Promise.all([drone.stop(), expect(start).rejects.toMatchObject({ code: 'QUEEN_UNREACHABLE' })]);
    await drone.closed;
  });

  test('later, because another drone has our id, is left, and what ran for it is ended', async () => {
    const drone = await started();
    const received = queen.assign(build('j', `echo $$ > ${folder.path}/pid; echo x; sleep 60`));
    await until(() => received.output().length > 0, 'the output');
    queen.socket!.emit('error:invalid', 'connect', new SkepError('DRONE_REPLACED').toBody());
    queen.socket!.disconnect(true);
    await expect(drone.closed).rejects.toMatchObject({ code: 'DRONE_REPLACED' });
    await until(() => !isAlive(pidIn('pid')), 'the end of the command');
  });
});
