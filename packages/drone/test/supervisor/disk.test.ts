import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Drone, type DroneOptions } from '../../src/index.js';
import { TestQueen } from '../helpers/TestQueen.js';
import { isAlive, TempFolder, until } from '../helpers/waiting.js';

const MiB = 1024 ** 2;
const DISK_BYTES = 48 * MiB;

/** Whether a small disk of its own can be had here: that needs root. */
function canMount(): boolean {
  const folder = new TempFolder();
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder.path], { stdio: 'ignore' });
    execFileSync('/bin/umount', [folder.path]);
    return true;
  } catch {
    process.stderr.write('skipped: no small disk can be mounted here; the tests of full disks need root on Linux\n');
    return false;
  } finally {
    folder[Symbol.dispose]();
  }
}

let queen: TestQueen;
let disk: TempFolder;
let drone: Drone;

async function started(options: Partial<DroneOptions>): Promise<void> {
  drone = new Drone({ queen: queen.url, dataDir: join(disk.path, 'data'), speed: 5, capacity: 2, graceMs: 300, ...options });
  await drone.start();
}

const fill = (bytes: number): void => writeFileSync(join(disk.path, 'fill'), Buffer.alloc(bytes));
const pidsIn = (path: string): number[] => readFileSync(path, 'utf8').split('\n').filter(Boolean).map(Number);

/** Writes until the disk is full. */
function takeAllRoom(): void {
  for (const bytes of [MiB, 4096]) {
    try {
      for (;;) writeFileSync(join(disk.path, 'fill'), Buffer.alloc(bytes), { flag: 'a' });
    } catch {
      // Full, as is wanted.
    }
  }
}

const makeRoom = (): void => rmSync(join(disk.path, 'fill'));

(canMount() ? describe : describe.skip)('a disk', () => {
  beforeEach(async () => {
    queen = await new TestQueen().start();
    disk = new TempFolder();
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', disk.path]);
  });

  afterEach(async () => {
    drone.cancelAll('the test is over');
    await drone.stop();
    await queen.stop();
    execFileSync('/bin/umount', ['-l', disk.path]);
    disk[Symbol.dispose]();
  });

  test('below its floor: the drone takes no jobs and says why, until there is room', async () => {
    fill(40 * MiB);
    await started({ minFreeBytes: 16 * MiB });
    await until(() => queen.infos.some(({ draining }) => draining), 'the word that there is no room');
    expect(queen.infos.at(-1)).toMatchObject({
      draining: true,
      reason: expect.stringMatching(/^disk: [78](\.\d)? MiB free, floor 16 MiB$/),
    });
    makeRoom();
    await until(() => queen.infos.at(-1)?.draining === undefined, 'the word that there is room');
    expect(queen.infos.at(-1)?.reason).toBeUndefined();
  });

  test('without any room: the drone comes up all the same, and says so', async () => {
    await started({});
    await drone.leave();
    takeAllRoom();
    await started({ minFreeBytes: 16 * MiB });
    await until(() => queen.infos.at(-1)?.draining === true, 'the word that there is no room');
    makeRoom();
    await until(() => queen.infos.at(-1)?.draining === undefined, 'the word that there is room');
  });

  test('that falls below its floor between two looks: the next job is handed back before it has begun', async () => {
    await started({ minFreeBytes: 16 * MiB });
    fill(40 * MiB);
    const received = queen.assign({ id: 'j', phases: { test: ['true'] } });
    await until(() => queen.resumed.length === 2, 'the next connection');
    expect(queen.resumed[1]).toEqual([]);
    expect(queen.infos.at(-1)).toMatchObject({ draining: true });
    expect(received.events).toEqual([]);
  });

  test('that is full in the middle of an attempt ends it, with all its processes, and that is told when there is room', async () => {
    await started({ minFreeBytes: 0 });
    const pids = join(disk.path, 'pids');
    writeFileSync(pids, '');
    const received = queen.assign({
      id: 'j',
      phases: {
        test: [
          `trap '' TERM; setsid sh -c 'trap "" TERM; echo $$ >> ${pids}; while :; do sleep 0.1; done' & echo $$ >> ${pids}; while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; sleep 0.001; done`,
        ],
      },
    });
    await until(() => received.output().length > 1000 && pidsIn(pids).length === 2, 'the output');
    await until(() => {
      // Every last byte, also what the workspace makes room for when it goes.
      takeAllRoom();
      return pidsIn(pids).every((pid) => !isAlive(pid));
    }, 'the end of the processes');
    makeRoom();
    await queen.ended(received);
    expect(received.events.find(([, name]) => name === 'job:errored')?.[2]).toMatchObject({ code: 'disk-full' });
    expect(received.end?.events).toBe(received.events.length);
    await until(() => readdirSync(join(disk.path, 'data/spool')).length === 0, 'the end of the spool');
  });
});
