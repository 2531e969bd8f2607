import { expect, test } from '@jest/globals';
import { until } from '../../helpers/until.js';
import { isWhole, onLinux, submitTalk, talking } from './directed.js';
import { Site } from './Site.js';

/** How long to wait for either side to notice that the other is frozen: it takes them 13 s, and a busy machine may take its time. */
const NOTICE_MS = 28_000;

onLinux('a queen that fails', () => {
  test('killed and started again, it goes on with what ran, what was assigned and what waited, and each runs once', async () => {
    await using site = await Site.start({ drones: [2], lostAfterS: 60 });
    const [drone] = site.drones;
    await submitTalk(site, 'runs', 3000);
    await talking(site, 'runs');
    // Its supervisor does not read, so the next job is assigned and not begun.
    drone!.process.signal('SIGSTOP');
    await submitTalk(site, 'assigned', 300);
    await submitTalk(site, 'waits', 200);
    expect(await site.job('runs')).toMatchObject({ status: 'running' });
    expect(await site.job('assigned')).toMatchObject({ status: 'assigned' });
    expect(await site.job('waits')).toMatchObject({ status: 'queued', waiting: { reason: 'all-busy' } });

    await site.queen.kill();
    site.startQueen();
    drone!.process.signal('SIGCONT');
    for (const [id, ms] of [
      ['runs', 3000],
      ['assigned', 300],
      ['waits', 200],
    ] as const) {
      const { outcome, output, attempt } = await site.done(id);
      expect([id, outcome, output.state]).toEqual([id, 'passed', 'complete']);
      // One that never reached its drone is routed again; it began once for all that.
      if (id !== 'assigned') expect(attempt).toBe(1);
      expect((await site.journal(id)).map(({ what }) => what)).toEqual(['began', 'ended']);
      expect(await isWhole(site, id, ms, attempt)).toBe(true);
    }
  });

  test('told to leave, it leaves cleanly, and what runs goes on to the next queen', async () => {
    await using site = await Site.start({ drones: [1], lostAfterS: 60 });
    await submitTalk(site, 'job', 2000);
    await talking(site, 'job');
    expect(await site.queen.leave()).toBe(0);
    expect(site.isAlive('job', 1)).toBe(true);
    site.startQueen();
    expect(await site.done('job')).toMatchObject({ outcome: 'passed', attempt: 1, output: { state: 'complete' } });
    expect(await isWhole(site, 'job', 2000)).toBe(true);
  });

  test('frozen, it is noticed by its drones; a frozen drone is noticed by the queen', async () => {
    await using frozenQueen = await Site.start({ drones: [1], lostAfterS: 60 });
    await using frozenDrone = await Site.start({ drones: [1], lostAfterS: 60 });
    frozenQueen.queen.signal('SIGSTOP');
    frozenDrone.drones[0]!.process.signal('SIGSTOP');
    const noticesQueen = until(() => frozenQueen.drones[0]!.process.log().includes('the queen is gone'), 'the drone notices', NOTICE_MS);
    const noticesDrone = until(async () => (await frozenDrone.listDrones())[0]?.connectedAt === null, 'the queen notices', NOTICE_MS);
    await Promise.all([noticesQueen, noticesDrone]);
  });

  test('on a line that swallows every byte, both sides notice, and go on when it is good again', async () => {
    await using site = await Site.start({ drones: [1], lostAfterS: 60 });
    const [drone] = site.drones;
    await submitTalk(site, 'job', 1500);
    await talking(site, 'job');
    drone!.line.set({ kind: 'half-open', side: 'both' });
    await Promise.all([
      until(() => drone!.process.log().includes('the queen is gone'), 'the drone notices', NOTICE_MS),
      until(async () => (await site.listDrones())[0]?.connectedAt === null, 'the queen notices', NOTICE_MS),
    ]);
    drone!.line.heal();
    expect(await site.done('job')).toMatchObject({ outcome: 'passed', attempt: 1, output: { state: 'complete' } });
    expect(await isWhole(site, 'job', 1500)).toBe(true);
  });

  test('a cancel while the drone is away takes effect when it is back', async () => {
    await using site = await Site.start({ drones: [1], lostAfterS: 60 });
    const [drone] = site.drones;
    await submitTalk(site, 'job', 60_000);
    await talking(site, 'job');
    drone!.line.set({ kind: 'down' });
    await until(async () => (await site.listDrones())[0]?.connectedAt === null, 'the drone is away');
    expect((await site.call('/api/jobs/job/cancel', { body: { reason: 'not needed' } })).status).toBe(202);
    expect(await site.job('job')).toMatchObject({ status: 'running' });
    drone!.line.heal();
    expect(await site.done('job')).toMatchObject({ outcome: 'cancelled', reason: 'not needed', confirmed: true });
    expect(site.isAlive('job', 1)).toBe(false);
  });
});
