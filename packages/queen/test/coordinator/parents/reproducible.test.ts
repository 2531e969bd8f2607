import { expect, test } from '@jest/globals';
import type { Job } from '@skep/protocol';
import type { Coordinator } from '../../../src/coordinator/Coordinator.js';
import { aCoordinator, aDrone, type HeldStore } from '../../helpers/aCoordinator.js';
import { end, running } from '../../helpers/endings.js';

const job: Job = { id: 'p', project: 'web', ref: { branch: 'main' }, reproducible: true, artifacts: ['dist'] };
const [first, second] = ['p~build-1', 'p~build-2'];

const linkOf = ({ jobs, drones }: Coordinator, id: string) => drones.get(jobs.get(id)?.attempt?.record.droneId ?? '')!.link!;

/** Lets everything be carried out that is on its way to the store. */
const settle = async (): Promise<void> => {
  for (let i = 0; i < 10; i += 1) await new Promise(setImmediate);
};

/** Has an attempt leave these files behind, by path and content, and ends it. */
async function build(coordinator: Coordinator, { store }: HeldStore, id: string, files: Record<string, string>, code = 0): Promise<void> {
  const { attempt, lease } = coordinator.jobs.get(id)!.attempt!.record;
  for (const [path, content] of Object.entries(files)) {
    const sha256 = content.repeat(64).slice(0, 64);
    const record = { jobId: id, attempt, path, size: 1, mode: 0o644, mediaType: 'text/plain', sha256, createdAt: 1 };
    await store.commit([{ type: 'artifact', lease, record }]);
  }
  await end(coordinator, linkOf(coordinator, id), id, code);
  await settle();
}

async function aFleet() {
  const fleet = await aCoordinator();
  for (const id of ['a', 'b']) await aDrone(fleet.coordinator, id);
  return fleet;
}

const endIn = async ({ store }: HeldStore, id = 'p') => {
  const { status, outcome, reason } = (await store.job(id))!;
  return { status, outcome, reason };
};

test('a reproducible job is built twice, on different drones, and passes where both leave the same behind', async () => {
  const { coordinator, held } = await aFleet();
  await coordinator.submit(job);
  expect(running(coordinator)).toEqual([first]);
  await build(coordinator, held, first!, { 'dist/a': 'a' });
  expect(running(coordinator)).toEqual([second]);
  const drones = await Promise.all([first, second].map(async (id) => (await held.store.job(id!))?.droneId));
  expect(new Set(drones).size).toBe(2);
  expect((await held.store.children('p')).map(({ cell }) => cell)).toEqual([{ build: 1 }, { build: 2 }]);
  await build(coordinator, held, second!, { 'dist/a': 'a' });
  expect(await endIn(held)).toEqual({ status: 'done', outcome: 'passed', reason: null });
  expect((await held.store.job('p'))?.children).toEqual({ kind: 'builds', count: 2, standings: { passed: 2 } });
});

test.each<[string, Record<string, string>, Record<string, string>, string]>([
  ['another content', { 'dist/a': 'a', b: 'b' }, { 'dist/a': 'c', b: 'b' }, 'dist/a differs'],
  ['files of which each has some', { a: 'a', b: 'b' }, { b: 'b', c: 'c' }, 'a only in build 1, c only in build 2'],
  [
    'many differences',
    { a: 'a', b: 'a', c: 'a', d: 'a', e: 'a' },
    {},
    'a only in build 1, b only in build 1, c only in build 1 and 2 more',
  ],
  ['nothing', {}, {}, 'neither build left an artifact behind'],
])('%s is not reproducible', async (_, one, other, why) => {
  const { coordinator, held } = await aFleet();
  await coordinator.submit(job);
  await build(coordinator, held, first!, one);
  await build(coordinator, held, second!, other);
  expect(await endIn(held)).toEqual({ status: 'done', outcome: 'failed', reason: `not reproducible: ${why}` });
});

test('a build that fails is not built again, and one that fails at the second time says so', async () => {
  const { coordinator, held } = await aFleet();
  await coordinator.submit(job);
  await build(coordinator, held, first!, {}, 2);
  expect(await endIn(held)).toEqual({ status: 'done', outcome: 'failed', reason: '0 of 1 passed; build 1: failed' });
  await coordinator.submit({ ...job, id: 'q' });
  await build(coordinator, held, 'q~build-1', { a: 'a' });
  await build(coordinator, held, 'q~build-2', { a: 'a' }, 2);
  expect(await endIn(held, 'q')).toEqual({ status: 'done', outcome: 'failed', reason: '1 of 2 passed; build 2: failed' });
});

test('with one drone the second build waits for another, and says so', async () => {
  const { coordinator, held } = await aCoordinator();
  await aDrone(coordinator, 'only');
  await coordinator.submit(job);
  await build(coordinator, held, first!, { a: 'a' });
  expect(coordinator.waiting(second!)).toEqual({ reason: 'unmet-requirements', which: ['notDrones.only'] });
  await coordinator.submit({ id: 'other' });
  expect(running(coordinator)).toEqual(['other']);
});

test('a cancel between the builds leaves it at one', async () => {
  const { coordinator, held } = await aFleet();
  await coordinator.submit(job);
  await coordinator.cancel('p', 'no need');
  await build(coordinator, held, first!, { a: 'a' });
  expect(await endIn(held)).toEqual({ status: 'done', outcome: 'cancelled', reason: 'no need' });
  expect(coordinator.jobs.size).toBe(0);
});

test('goes on after a restart between the builds, and after one before they were compared', async () => {
  const { coordinator, held, clock } = await aFleet();
  await coordinator.submit(job);
  await build(coordinator, held, first!, { a: 'a' });
  coordinator.stop();
  const next = (await aCoordinator(held, clock)).coordinator;
  for (const id of ['a', 'b']) await aDrone(next, id);
  // Its drone does not hold it any more: it is routed again, and not to the drone of the first.
  expect(next.jobs.get(second!)?.attempt?.record.attempt).toBe(2);
  const { droneId } = (await held.store.job(first!))!;
  expect(next.jobs.get(second!)?.attempt?.record.droneId).not.toBe(droneId);
  const { artifacts } = held.store;
  held.store.artifacts = () => new Promise(() => undefined);
  await build(next, held, second!, { a: 'a' });
  expect(await endIn(held)).toMatchObject({ status: 'running' });
  next.stop();
  held.store.artifacts = artifacts;
  await aCoordinator(held, clock);
  await settle();
  expect(await endIn(held)).toMatchObject({ status: 'done', outcome: 'passed' });
});

test('each cell of a matrix is reproducible by itself', async () => {
  const { coordinator, held } = await aFleet();
  await coordinator.submit({ ...job, matrix: { level: [1, 2] } });
  for (const id of ['a', 'b'])
    for (const level of ['1', '2']) {
      const link = await aDrone(coordinator, `${id}${level}`);
      coordinator.droneInfo(link, { id: link.droneId, speed: 1, capacity: 1, labels: { level } });
    }
  expect(running(coordinator)).toEqual(['p~1~build-1', 'p~2~build-1']);
  for (const level of [1, 2]) {
    await build(coordinator, held, `p~${level}~build-1`, { a: 'a' });
    await build(coordinator, held, `p~${level}~build-2`, { a: level === 1 ? 'a' : 'b' });
  }
  expect(await endIn(held, 'p~1')).toMatchObject({ outcome: 'passed' });
  expect(await endIn(held, 'p~2')).toMatchObject({ outcome: 'failed', reason: 'not reproducible: a differs' });
  expect(await endIn(held)).toEqual({ status: 'done', outcome: 'failed', reason: '1 of 2 passed; level 2: failed' });
  expect((await held.store.children('p~2')).map(({ cell }) => cell)).toEqual([
    { level: 2, build: 1 },
    { level: 2, build: 2 },
  ]);
});

test.each<[string, Job, string]>([
  ['a task', { job_type: 'resize', reproducible: true }, 'reproducible'],
  ['an axis that is called as its builds are', { reproducible: true, matrix: { build: [1, 2] } }, 'matrix.build'],
])('%s is refused', async (_, given, path) => {
  const { coordinator } = await aCoordinator();
  await expect(coordinator.submit(given)).rejects.toMatchObject({ code: 'INVALID_JOB', issues: [{ path }] });
});
