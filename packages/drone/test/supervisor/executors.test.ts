import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { Drone, type DroneOptions } from '../../src/index.js';
import { TestQueen } from '../helpers/TestQueen.js';
import { isAlive, TempFolder, until } from '../helpers/waiting.js';

let queen: TestQueen;
let folder: TempFolder;
let drones: Drone[];
let logged: Record<string, unknown>[];

beforeEach(async () => {
  queen = await new TestQueen().start();
  folder = new TempFolder();
  drones = [];
  logged = [];
});

afterEach(async () => {
  for (const drone of drones) {
    drone.cancelAll('the test is over');
    await drone.stop();
  }
  await queen.stop();
  folder[Symbol.dispose]();
});

async function started(options: Partial<DroneOptions> = {}): Promise<Drone> {
  const log = pino({}, { write: (line: string) => logged.push(JSON.parse(line)) });
  const drone = new Drone({ queen: queen.url, dataDir: folder.path, speed: 5, capacity: 1, graceMs: 300, log, ...options });
  drones.push(drone);
  await drone.start();
  return drone;
}

/** Runs a build. @returns the pid of the executor that ran it */
async function executorOf(id: string): Promise<number> {
  await queen.ended(queen.assign({ id, phases: { test: [`echo $PPID > ${folder.path}/executor`] } }));
  return Number(readFileSync(join(folder.path, 'executor'), 'utf8'));
}

const saidOf = (message: string): Record<string, unknown>[] => logged.filter(({ msg }) => msg === message);
const sockets = (): string[] => readdirSync(join(folder.path, 'run')).filter((name) => name.startsWith('x'));

describe('executors', () => {
  test('run one attempt after another until they have run enough, and are replaced then', async () => {
    await started({ executorLimits: { maxAttempts: 2 } });
    const pids: number[] = [];
    for (let n = 0; n < 5; n++) pids.push(await executorOf(`j${n}`));
    expect(pids[1]).toBe(pids[0]);
    expect(pids[3]).toBe(pids[2]);
    expect(new Set(pids).size).toBe(3);
    expect(saidOf('an executor is replaced')).toMatchObject([{ pid: pids[0], why: 'it has run 2 attempts' }, { pid: pids[2] }]);
    await until(() => !isAlive(pids[0]!) && !isAlive(pids[2]!) && sockets().length <= 1, 'their leaving');
  });

  test('that die before they greet leave no socket behind', async () => {
    const entry = join(folder.path, 'dies.mjs');
    writeFileSync(
      entry,
      `import { createServer } from 'node:net';
      const [, , dataDir, id] = process.argv;
      createServer(() => process.kill(process.pid, 'SIGKILL')).listen(\`\${dataDir}/run/\${id}.\${process.pid}.sock\`);`,
    );
    await started({ executorEntry: entry });
    await until(() => saidOf('an executor did not start').length >= 3, 'their deaths');
    expect(sockets().length).toBeLessThan(2);
  });

  test('that hold too much memory are replaced, though never in the middle of an attempt', async () => {
    await started({ executorLimits: { maxMemoryBytes: 1 }, capacity: 2 });
    const long = queen.assign({ id: 'long', phases: { test: [`while [ ! -e ${folder.path}/go ]; do sleep 0.02; done; echo whole`] } });
    const pids = [await executorOf('a'), await executorOf('b')];
    expect(new Set(pids).size).toBe(2);
    writeFileSync(join(folder.path, 'go'), '');
    await queen.ended(long);
    expect(long.output().toString()).toBe('whole\n');
  });

  test('that are killed are replaced, and leave nothing behind', async () => {
    await started();
    const first = await executorOf('a');
    process.kill(first, 'SIGKILL');
    expect(await executorOf('b')).not.toBe(first);
    await until(() => sockets().length === 1, 'the end of its socket');
  });

  test('that die, and whose spool is gone, leave an attempt that the drone no longer holds', async () => {
    await started();
    const received = queen.assign({ id: 'j', phases: { test: [`echo $PPID > ${folder.path}/executor; echo up; sleep 60`] } });
    await until(() => received.output().toString() === 'up\n', 'the command');
    rmSync(join(folder.path, 'spool', 'j.1.spool'));
    process.kill(Number(readFileSync(join(folder.path, 'executor'), 'utf8')), 'SIGKILL');
    await until(() => queen.resumed.length === 2, 'the next connection');
    expect(queen.resumed[1]).toEqual([]);
  });

  test('that cannot live are started less and less often, which is said, and the attempt says why', async () => {
    const entry = join(folder.path, 'broken.mjs');
    writeFileSync(entry, 'process.exit(3);');
    await started({ executorEntry: entry });
    const received = await queen.ended(queen.assign({ id: 'j', phases: { test: ['true'] } }));
    expect(received.events.find(([, name]) => name === 'job:errored')?.[2]).toEqual({
      code: 'executor-died',
      message: 'No executor could be started: it ended with exit code 3',
    });
    const waits = saidOf('executors die young; waiting before the next is started').map(({ retryMs }) => retryMs);
    expect(waits.slice(0, 5)).toEqual([100, 200, 400, 800, 1600]);
  });

  test('that do not greet are killed when their supervisor is followed by another, and what they ran is ended', async () => {
    const first = await started();
    const received = queen.assign({
      id: 'j',
      phases: { test: [`echo $PPID > ${folder.path}/executor; echo $$ > ${folder.path}/pid; echo up; sleep 60`] },
    });
    await until(() => received.output().toString() === 'up\n', 'the command');
    const [executor, command] = ['executor', 'pid'].map((name) => Number(readFileSync(join(folder.path, name), 'utf8'))) as [
      number,
      number,
    ];
    process.kill(executor, 'SIGSTOP');
    await first.leave();
    await started();
    await until(() => received.end !== undefined, 'the end of the attempt', 25_000);
    expect(received.events.find(([, name]) => name === 'job:errored')?.[2]).toMatchObject({ code: 'executor-died' });
    expect([isAlive(executor), isAlive(command)]).toEqual([false, false]);
  }, 40_000);

  test('that were frozen for a moment only go on for the next supervisor', async () => {
    const first = await started();
    const received = queen.assign({ id: 'j', phases: { test: [`echo $PPID > ${folder.path}/executor; echo up; sleep 4; echo whole`] } });
    await until(() => received.output().toString() === 'up\n', 'the command');
    const executor = Number(readFileSync(join(folder.path, 'executor'), 'utf8'));
    process.kill(executor, 'SIGSTOP');
    await first.leave();
    await started();
    process.kill(executor, 'SIGCONT');
    await queen.ended(received);
    expect(received.output().toString()).toBe('up\nwhole\n');
    expect(received.names()).not.toContain('job:errored');
  });
});
