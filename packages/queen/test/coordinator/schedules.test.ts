import { expect, test } from '@jest/globals';
import type { Schedule } from '@skep/protocol';
import type { Coordinator } from '../../src/coordinator/Coordinator.js';
import { aCoordinator, aDrone, HandClock, HeldStore } from '../helpers/aCoordinator.js';
import { end, running } from '../helpers/endings.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const job = { phases: { test: ['make'] } };

/** Lets everything be carried out that is on its way to the store. */
const settle = async (): Promise<void> => {
  for (let i = 0; i < 30; i += 1) await new Promise(setImmediate);
};

/** A coordinator, time that passes in steps, and restarts of it. */
async function aQueen(clock = new HandClock(), held = new HeldStore()) {
  let { coordinator } = await aCoordinator(held, clock);
  return {
    clock,
    held,
    get desk() {
      return coordinator.scheduleDesk;
    },
    get coordinator() {
      return coordinator;
    },
    async pass(ms: number, stepMs = ms): Promise<void> {
      for (let passed = 0; passed < ms; passed += stepMs) {
        clock.pass(stepMs);
        await settle();
      }
    },
    /** Down for so long, and up again. */
    async restart(downMs = 0): Promise<void> {
      coordinator.stop();
      clock.pass(downMs);
      ({ coordinator } = await aCoordinator(held, clock));
      await settle();
    },
    async cancelAll(): Promise<void> {
      for (const { jobs } of [await held.store.jobs({ status: 'active', limit: 1000 })])
        for (const { id } of jobs) await coordinator.cancel(id);
    },
    async jobs(): Promise<string[]> {
      return (await held.store.jobs({ limit: 1000 })).jobs.map(({ id }) => id).reverse();
    },
  };
}

/** Has a drone of each platform connect that is not connected. */
async function joinAll(coordinator: Coordinator, platforms: readonly string[]): Promise<void> {
  for (const platform of platforms) {
    if (coordinator.drones.get(platform)?.link) continue;
    const link = await aDrone(coordinator, platform);
    coordinator.droneInfo(link, { id: platform, speed: 1, capacity: 1, platform });
  }
}

const outcomes = ({ results }: Schedule): (string | undefined)[] => results.map(({ skipped, job: id }) => skipped ?? id).reverse();

test('a month of nights on three platforms over an edge of daylight saving, with one dropped for some days and two restarts: exactly the right runs', async () => {
  const queen = await aQueen();
  queen.clock.pass(20 * DAY_MS);
  const begin = queen.clock.now();
  const platforms = ['debian-12', 'freebsd-14', 'openbsd-7'];
  const when = { cron: '30 2 * * *', zone: 'Europe/Vienna' };
  await queen.desk.add({ name: 'nightly', job: { project: 'fixture', ...job, matrix: { platform: platforms } }, when });
  for (let day = 0; day < 31; day += 1) {
    if (day === 10) await queen.coordinator.platformDesk.drop('freebsd-14', 'new disks');
    if (day === 15) await queen.coordinator.platformDesk.restore('freebsd-14');
    if (day === 7 || day === 13) await queen.restart(DAY_MS);
    else await queen.pass(DAY_MS / 2, HOUR_MS);
    await joinAll(queen.coordinator, platforms);
    const started = running(queen.coordinator);
    // Each on its own platform, and all at once.
    const drones = started.map((id) => queen.coordinator.jobs.get(id)?.attempt?.record.droneId);
    expect(drones).toEqual(platforms.filter((name) => name !== 'freebsd-14' || day < 10 || day >= 15));
    for (const id of started) {
      const { droneId } = queen.coordinator.jobs.get(id)!.attempt!.record;
      await end(queen.coordinator, queen.coordinator.drones.get(droneId)!.link!, id, droneId === 'openbsd-7' && day % 10 === 9 ? 1 : 0);
    }
    if (day !== 7 && day !== 13) await queen.pass(DAY_MS / 2, HOUR_MS);
    expect(queen.coordinator.jobs.size).toBe(0);
  }
  // Half past two is half past midnight in UTC until 25 October, and half past one from the 26th on.
  const nights = Array.from({ length: 31 }, (_, i) => {
    const night = new Date(begin + (i + 1) * DAY_MS).toISOString().slice(0, 10);
    return `nightly@${night}T0${night <= '2026-10-25' ? 0 : 1}:30:00Z`;
  });
  const isDropped = (day: number): boolean => day >= 10 && day < 15;
  const expected = nights.flatMap((id, day) => [
    id,
    ...platforms.filter((name) => name !== 'freebsd-14' || !isDropped(day)).map((name) => `${id}~${name}`),
  ]);
  expect(await queen.jobs()).toEqual(expected);
  for (const [day, id] of nights.entries()) {
    const { outcome, reason, children } = (await queen.held.store.job(id))!;
    const all = isDropped(day) ? 2 : 3;
    const failed = day % 10 === 9;
    expect([outcome, reason]).toEqual(failed ? ['failed', `${all - 1} of ${all} passed; openbsd-7: failed`] : ['passed', null]);
    expect(children?.leftOut).toEqual(isDropped(day) ? [{ platform: 'freebsd-14', cells: 1, reason: 'new disks' }] : undefined);
  }
  expect(queen.desk.get('nightly').results).toMatchObject(
    nights
      .slice(-20)
      .reverse()
      .map((id) => ({ job: id, status: 'done' })),
  );
});

test('a matrix that cannot be any more is refused at its time, and the schedule says why', async () => {
  const queen = await aQueen();
  await expect(
    queen.desk.add({ name: 'x', job: { ...job, reproducible: true, job_type: 'resize' }, when: { every: 3600 } }),
  ).rejects.toMatchObject({ code: 'INVALID_JOB' });
  const template = { parameters: [{ name: 'node' }], job: { ...job, project: 'v{{node}}' } };
  await queen.coordinator.templateDesk.add({ name: 'build', ...template });
  const use = { name: 'build', matrix: { node: [20, 22] } };
  await queen.desk.add({ name: 'x', template: use, when: { every: 3600 } });
  await queen.pass(HOUR_MS);
  expect((await queen.jobs()).map((id) => id.replace(/^.*Z/, ''))).toEqual(['', '~20', '~22']);
  await queen.coordinator.cancel(queen.desk.get('x').running[0] ?? '');
  await queen.coordinator.templateDesk.replace('build', { ...template, parameters: [{ name: 'node' }, { name: 'more' }] });
  await queen.pass(HOUR_MS);
  expect(queen.desk.get('x').results[0]).toMatchObject({ skipped: 'refused', reason: expect.stringContaining('values.more') });
});

test.each<[policy: 'skip' | 'once' | 'all', made: number]>([
  ['skip', 0],
  ['once', 1],
  ['all', 5],
])('of five times missed while the queen was down, %s makes %d jobs, and none again after another restart', async (missed, made) => {
  const queen = await aQueen();
  await queen.desk.add({ name: 'often', job, when: { every: 3600 }, missed });
  await queen.restart(5.5 * HOUR_MS);
  expect(await queen.jobs()).toHaveLength(made);
  const results = outcomes(queen.desk.get('often'));
  expect(results.filter((result) => result === 'missed')).toHaveLength(5 - made);
  const ids = await queen.jobs();
  await queen.restart();
  expect([await queen.jobs(), outcomes(queen.desk.get('often'))]).toEqual([ids, results]);
  const waiting = (await queen.jobs()).map((id) => queen.coordinator.waiting(id)?.reason);
  expect(waiting).toEqual(Array.from({ length: made }, (_, i) => (i === 0 ? 'no-drone' : 'waiting-for-jobs')));
});

test('when the last is not over, the next is skipped, waits, or takes its place', async () => {
  const queen = await aQueen();
  for (const overlap of ['skip', 'queue', 'cancel-old'] as const)
    await queen.desk.add({ name: overlap, job, when: { every: 3600 }, overlap });
  await queen.pass(HOUR_MS);
  await queen.pass(HOUR_MS);
  const shown = (name: string) => queen.desk.get(name);
  expect(outcomes(shown('skip'))).toEqual([expect.stringMatching(/^skip@/), 'overlap']);
  const [first = '', second = ''] = shown('queue').running;
  expect(queen.coordinator.waiting(second)).toMatchObject({ reason: 'waiting-for-jobs', jobs: [first] });
  await queen.coordinator.cancel(first);
  expect(queen.coordinator.waiting(second)).toMatchObject({ reason: 'no-drone' });
  expect(shown('cancel-old').results).toMatchObject([{ status: 'queued' }, { status: 'done', outcome: 'cancelled' }]);
  expect(shown('cancel-old').running).toHaveLength(1);
});

test('a clock that is set back makes nothing twice; one that was years ahead does not silence it', async () => {
  const queen = await aQueen();
  await queen.desk.add({ name: 'hourly', job, when: { cron: '0 * * * *' }, overlap: 'queue' });
  await queen.pass(3 * HOUR_MS, HOUR_MS);
  const made = await queen.jobs();
  queen.clock.set(-2 * HOUR_MS);
  await queen.pass(2 * HOUR_MS, HOUR_MS / 4);
  expect(await queen.jobs()).toEqual(made);
  queen.clock.set(365 * DAY_MS);
  await queen.pass(60_000);
  const ahead = (await queen.jobs()).length;
  expect(ahead).toBe(made.length + 1);
  queen.clock.set(-365 * DAY_MS);
  await queen.pass(2 * HOUR_MS, HOUR_MS / 4);
  const again = await queen.jobs();
  expect(again).toHaveLength(ahead + 2);
  expect(new Set(again).size).toBe(again.length);
});

test('paused it makes nothing, and nothing is made up for; by hand it runs all the same and changes nothing', async () => {
  const queen = await aQueen();
  await queen.desk.add({ name: 'x', job, when: { every: 3600 }, missed: 'all' });
  const before = queen.desk.get('x').next;
  await queen.desk.pause('x', 'holidays');
  await queen.restart();
  expect(queen.desk.get('x').paused).toMatchObject({ reason: 'holidays' });
  await queen.pass(10 * HOUR_MS, HOUR_MS);
  const { id } = await queen.desk.run('x');
  expect(await queen.jobs()).toEqual([id]);
  expect(queen.desk.get('x')).toMatchObject({ running: [], results: [{ due: null, job: id, status: 'queued' }] });
  const resumed = await queen.desk.resume('x');
  expect(resumed.paused).toBeNull();
  expect(((resumed.next[0]?.at ?? 0) - (before[0]?.at ?? 0)) % HOUR_MS).toBe(0);
  await queen.pass(HOUR_MS);
  expect(await queen.jobs()).toHaveLength(2);
});

test('a job and the time it was made for are one commit: killed before it, the time is still due; after it, it is not', async () => {
  const queen = await aQueen();
  await queen.desk.add({ name: 'x', job, when: { every: 3600 } });
  queen.held.isHeld = true;
  await queen.pass(HOUR_MS);
  expect(await queen.jobs()).toEqual([]);
  queen.held.failWith(new Error('killed'));
  await settle();
  queen.held.failWith();
  await queen.restart();
  expect(await queen.jobs()).toHaveLength(1);
  await queen.restart();
  await queen.pass(1000);
  expect(await queen.jobs()).toHaveLength(1);
});

test('what somebody else made under the id of its next time is not made again, and harms nothing', async () => {
  const queen = await aQueen();
  const { next } = await queen.desk.add({ name: 'x', job, when: { every: 3600 } });
  const id = `x@${new Date(next[0]?.at ?? 0).toISOString().replace('.000Z', 'Z')}`;
  await queen.coordinator.submit({ id, phases: { test: ['other'] } });
  await queen.pass(HOUR_MS);
  await queen.pass(HOUR_MS);
  expect(await queen.jobs()).toHaveLength(2);
  expect(queen.desk.get('x').results).toHaveLength(1);
});

test.each<[what: string, change: object, path: string]>([
  ['an expression', { when: { cron: '0 25 * * *' } }, 'when.cron'],
  ['a zone', { when: { every: 60, zone: 'Moon/Crater' } }, 'when.zone'],
  ['an id', { job: { ...job, id: 'mine' } }, 'job.id'],
  ['a masked secret', { job: { ...job, secrets: { KEY: '●●●' } } }, 'job.secrets.KEY'],
])('%s that cannot be is refused with its place', async (_, change, path) => {
  const queen = await aQueen();
  const adding = queen.desk.add({ name: 'x', job, when: { every: 60 }, ...change });
  await expect(adding).rejects.toMatchObject({ code: 'INVALID_SCHEDULE', issues: [{ path }] });
});

test('an unknown name is told with the one that was meant, a taken one is refused, a removed one is gone', async () => {
  const queen = await aQueen();
  await queen.desk.add({ name: 'nightly', job, when: { every: 60 } });
  expect(() => queen.desk.get('nigthly')).toThrow('did you mean nightly?');
  await expect(queen.desk.add({ name: 'nightly', job, when: { every: 60 } })).rejects.toMatchObject({ code: 'SCHEDULE_EXISTS' });
  await queen.desk.remove('nightly');
  await queen.pass(HOUR_MS);
  expect([queen.desk.list(), await queen.jobs()]).toEqual([[], []]);
});
