import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { until } from '../../helpers/until.js';
import { isWhole, submitTalk, talking } from './directed.js';
import { Site } from './Site.js';
import { canMount } from './TmpDisk.js';

const MiB = 1024 * 1024;

const withDisk = canMount ? describe : describe.skip;
if (!canMount) console.log('the tests of a full disk are skipped: only root can mount a small disk');

withDisk('a queen whose disk is full', () => {
  test('refuses submissions by name while drones keep their spools, and goes on when there is room', async () => {
    await using site = await Site.start({ drones: [1], lostAfterS: 60, diskBytes: 96 * MiB });
    const [drone] = site.drones;
    await submitTalk(site, 'job', 3000);
    await talking(site, 'job');
    site.queenDisk?.fill();
    const refused = await until(async () => {
      const answer = await site.call('/api/jobs', { job: { phases: { test: ['true'] } } });
      return answer.status === 507 && (answer.json() as Promise<object>);
    }, 'a submission is refused');
    expect(refused).toMatchObject({ error: { code: 'STORE_FULL' } });
    await until(() => !site.isAlive('job', 1), 'the command has ended');
    expect(readdirSync(join(drone!.folder, 'spool'))).toHaveLength(1);
    site.queenDisk?.free();
    expect(await site.done('job')).toMatchObject({ outcome: 'passed', attempt: 1, output: { state: 'complete' } });
    expect(await isWhole(site, 'job', 3000)).toBe(true);
    await until(() => readdirSync(join(drone!.folder, 'spool')).length === 0, 'the spool is gone');
  });

  test('does not start, says why, and starts when there is room with all that it knew', async () => {
    await using site = await Site.start({ drones: [1], lostAfterS: 60, diskBytes: 96 * MiB });
    await submitTalk(site, 'job', 2000);
    await talking(site, 'job');
    await site.queen.kill();
    site.queenDisk?.fill();
    site.startQueen();
    await until(() => site.queen.log().includes('STORE_FULL') || site.queen.deaths.length > 0, 'it says why');
    site.queenDisk?.free();
    expect(await site.done('job')).toMatchObject({ outcome: 'passed', attempt: 1, output: { state: 'complete' } });
    expect(await isWhole(site, 'job', 2000)).toBe(true);
  });
});

withDisk('a drone whose disk is full', () => {
  test('comes up all the same, says so, and takes no job until there is room', async () => {
    await using site = await Site.start({ drones: [2], lostAfterS: 60, diskBytes: 96 * MiB });
    const [drone] = site.drones;
    await drone!.process.kill();
    drone!.disk?.fill();
    await drone!.process.startUntil(/skep drone \S+ ready/);
    const full = await until(async () => (await site.listDrones()).find(({ state }) => state === 'draining'), 'it says so');
    expect(full.reason).toMatch(/^disk: /);
    await submitTalk(site, 'waits', 100);
    expect(await site.job('waits')).toMatchObject({ status: 'queued', waiting: { reason: 'paused' } });
    drone!.disk?.free();
    expect(await site.done('waits')).toMatchObject({ outcome: 'passed', attempt: 1, output: { state: 'complete' } });
  });
});
