import { expect, test } from '@jest/globals';
import { until } from '../../helpers/until.js';
import { isWhole, onLinux, submitTalk, TALK_BYTES, talking } from './directed.js';
import { textOf } from './fixtures/text.mjs';
import { signal } from './processes.js';
import { Site } from './Site.js';

onLinux('a drone that fails', () => {
  test('its supervisor killed while a command prints, the next one takes over, and not a byte is missing', async () => {
    await using site = await Site.start({ drones: [1], lostAfterS: 60 });
    const [drone] = site.drones;
    await submitTalk(site, 'job', 3000);
    await talking(site, 'job');
    await drone!.process.kill();
    expect(site.isAlive('job', 1)).toBe(true);
    await drone!.process.startUntil(/executor taken over/);
    expect(await site.done('job')).toMatchObject({ outcome: 'passed', attempt: 1, output: { state: 'complete' } });
    expect(await isWhole(site, 'job', 3000)).toBe(true);
  });

  test('an executor killed takes its own attempt along and no other', async () => {
    await using site = await Site.start({ drones: [2], lostAfterS: 60 });
    const [drone] = site.drones;
    await submitTalk(site, 'dies', 60_000);
    await talking(site, 'dies');
    const [command] = site.commandsOf('dies', 1);
    expect(site.executorsOf(drone!).map(({ pid }) => pid)).toContain(command!.parent);
    await submitTalk(site, 'lives', 1500);
    await talking(site, 'lives');
    signal(command!.parent, 'SIGKILL');
    expect(await site.done('dies')).toMatchObject({ outcome: 'errored', error: { code: 'executor-died' }, attempt: 1 });
    expect(site.isAlive('dies', 1)).toBe(false);
    expect(await site.done('lives')).toMatchObject({ outcome: 'passed', attempt: 1, output: { state: 'complete' } });
  });

  test('back from the dead, its late events are refused and its processes end, while the job runs elsewhere', async () => {
    await using site = await Site.start({ drones: [1, 1], lostAfterS: 1 });
    await submitTalk(site, 'job', 6000);
    const { drone: name } = await talking(site, 'job');
    const dead = site.drones.find((drone) => drone.name === name);
    dead!.line.set({ kind: 'down' });
    await talking(site, 'job', 2);
    expect(site.isAlive('job', 1)).toBe(true);
    const before = (await site.job('job'))?.attempts[0];
    expect(before).toMatchObject({ outcome: 'lost', output: { state: 'partial' } });
    dead!.line.heal();
    await until(() => !site.isAlive('job', 1), 'the processes of attempt 1 are gone');
    expect(site.isAlive('job', 2)).toBe(true);
    const job = await site.done('job');
    expect(job).toMatchObject({ outcome: 'passed', attempt: 2, output: { state: 'complete' } });
    expect(job.drone).not.toBe(name);
    expect(job.attempts[0]).toEqual(before);
    expect(await isWhole(site, 'job', 6000, 2)).toBe(true);
    // Attempt 2 saw the processes of attempt 1: what the schedules look for is found where it is.
    expect((await site.journal('job')).filter(({ what }) => what === 'met')).toMatchObject([{ attempt: 2, other: 1 }]);
    const early = await site.output('job', { attempt: '1', command: '0', stream: 'stdout' });
    expect(early.equals(Buffer.concat([...textOf(6000, TALK_BYTES)]).subarray(0, early.length))).toBe(true);
  });

  test('told to leave, it takes no new job, finishes what runs, and leaves', async () => {
    await using site = await Site.start({ drones: [2], lostAfterS: 60 });
    const [drone] = site.drones;
    await submitTalk(site, 'runs', 1500);
    await talking(site, 'runs');
    drone!.process.signal('SIGTERM');
    await until(async () => (await site.listDrones())[0]?.state === 'draining', 'the drone is draining');
    await submitTalk(site, 'waits', 100);
    expect(await site.job('waits')).toMatchObject({ status: 'queued', waiting: { reason: 'paused' } });
    expect(await drone!.process.ended()).toBe(0);
    expect(await site.job('runs')).toMatchObject({ outcome: 'passed', attempt: 1, output: { state: 'complete' } });
    expect(await isWhole(site, 'runs', 1500)).toBe(true);
    expect(site.processesOf(drone!)).toEqual([]);
  });

  test('told to leave twice, it cancels what runs, and leaves', async () => {
    await using site = await Site.start({ drones: [1], lostAfterS: 60 });
    const [drone] = site.drones;
    await submitTalk(site, 'job', 60_000);
    await talking(site, 'job');
    drone!.process.signal('SIGTERM');
    await until(async () => (await site.listDrones())[0]?.state === 'draining', 'the drone is draining');
    expect(site.isAlive('job', 1)).toBe(true);
    drone!.process.signal('SIGTERM');
    expect(await drone!.process.ended()).toBe(0);
    expect(site.processesOf(drone!)).toEqual([]);
    expect(await site.done('job')).toMatchObject({ outcome: 'cancelled', error: { message: 'the drone was told to stop' } });
  });
});
