import { describe, expect, test } from '@jest/globals';
import type { Job, Matrix } from '@skep/protocol';
import type { Coordinator } from '../../../src/coordinator/Coordinator.js';
import { aCoordinator, aDrone, type HeldStore } from '../../helpers/aCoordinator.js';
import { begin, end, running } from '../../helpers/endings.js';

const matrix: Matrix = { platform: ['debian-12', 'freebsd-14'], node: [20, 22], exclude: [{ platform: 'freebsd-14', node: 20 }] };
const build: Job = { id: 'p', project: 'web', ref: { branch: 'main' }, phases: { test: ['make'] }, env: { A: '1' }, matrix };
const ids = ['p~debian-12~20', 'p~debian-12~22', 'p~freebsd-14~22'];

/** A coordinator, and a drone on each platform with all labels that the cells ask for. */
async function aFleet(capacity = 2) {
  const fleet = await aCoordinator();
  await join(fleet.coordinator, capacity);
  return fleet;
}

async function join(coordinator: Coordinator, capacity = 2): Promise<void> {
  for (const platform of ['debian-12', 'freebsd-14'])
    for (const node of ['20', '22']) {
      const id = `${platform}-${node}`;
      const link = await aDrone(coordinator, id);
      coordinator.droneInfo(link, { id, speed: 1, capacity, platform, labels: { node } });
    }
}

const linkOf = ({ jobs, drones }: Coordinator, id: string) => drones.get(jobs.get(id)?.attempt?.record.droneId ?? '')!.link!;
const finish = (coordinator: Coordinator, id: string, code = 0) => end(coordinator, linkOf(coordinator, id), id, code);

const parentIn = async ({ store }: HeldStore, id = 'p') => {
  const { status, outcome, reason, children } = (await store.job(id))!;
  return { status, outcome, reason, standings: children?.standings };
};

describe('a job with a matrix', () => {
  test('is taken in as a parent with a job for each cell, which requires and sees what the cell is', async () => {
    const { coordinator, held } = await aCoordinator();
    expect(await coordinator.submit(build)).toEqual({ id: 'p' });
    expect((await held.store.children('p')).map(({ id, cell, parent }) => [id, cell, parent])).toEqual([
      [ids[0], { platform: 'debian-12', node: 20 }, 'p'],
      [ids[1], { platform: 'debian-12', node: 22 }, 'p'],
      [ids[2], { platform: 'freebsd-14', node: 22 }, 'p'],
    ]);
    expect((await held.store.job(ids[2]!))?.job).toEqual({
      project: 'web',
      ref: { branch: 'main' },
      phases: { test: ['make'] },
      env: { A: '1', SKEP_MATRIX_PLATFORM: 'freebsd-14', SKEP_MATRIX_NODE: '22' },
      requires: { platform: 'freebsd-14', labels: { node: '22' } },
      concurrency: { group: 'web @ main (freebsd-14, node 22)', limit: 1 },
    });
    expect(coordinator.waiting('p')).toEqual({ reason: 'waiting-for-jobs', jobs: ids, count: 3 });
    expect(await coordinator.why('p')).toMatchObject({ verdicts: [], canEverRun: true });
    expect(coordinator.counts()).toEqual({ queued: 3, assigned: 0, running: 0 });
  });

  test('makes nothing twice, also when it is submitted while it is on its way', async () => {
    const { coordinator, held } = await aCoordinator();
    await Promise.all([coordinator.submit(build), coordinator.submit(build)]);
    await coordinator.submit(build);
    expect((await held.store.jobs({ limit: 100 })).jobs).toHaveLength(4);
  });

  test('runs its cells beside each other, and is done when all of them are, with the sum of their outcomes', async () => {
    const { coordinator, held, said } = await aFleet();
    await coordinator.submit(build);
    expect(running(coordinator)).toEqual(ids);
    expect(await parentIn(held)).toMatchObject({ status: 'queued', standings: { assigned: 3 } });
    await begin(coordinator, linkOf(coordinator, ids[0]!), ids[0]!);
    expect(await parentIn(held)).toMatchObject({ status: 'running', standings: { running: 1, assigned: 2 } });
    for (const [id, code] of [
      [ids[1]!, 0],
      [ids[2]!, 3],
    ] as const)
      await finish(coordinator, id, code);
    expect(await parentIn(held)).toMatchObject({ status: 'running', standings: { running: 1, passed: 1, failed: 1 } });
    coordinator.cancel(ids[0]!, 'no need');
    const { attempt, lease } = coordinator.jobs.get(ids[0]!)!.attempt!.record;
    const error = { code: 'cancelled', message: 'no need' };
    await coordinator.frame(linkOf(coordinator, ids[0]!), {
      id: ids[0]!,
      attempt,
      lease,
      seq: 1,
      events: [
        [5, 'job:errored', error, 1],
        [6, 'job:done', 1],
      ],
      end: { events: 3, sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
    });
    const reason = '1 of 3 passed; debian-12, node 20: cancelled; freebsd-14, node 22: failed';
    expect(await parentIn(held)).toEqual({ status: 'done', outcome: 'failed', reason, standings: { passed: 1, failed: 1, cancelled: 1 } });
    expect(said.filter(([name]) => name === 'jobDone').map(([, summary]) => (summary as { id: string }).id)).toEqual([
      ids[1],
      ids[2],
      ids[0],
      'p',
    ]);
    expect(coordinator.jobs.size).toBe(0);
  });

  test('is cancelled with all its cells; one cell can be cancelled alone', async () => {
    const { coordinator, held, clock } = await aFleet();
    await coordinator.submit(build);
    await coordinator.submit({ ...build, id: 'q', concurrency: { group: 'one' } });
    await begin(coordinator, linkOf(coordinator, ids[0]!), ids[0]!);
    await coordinator.cancel('q~debian-12~22');
    expect(await parentIn(held, 'q')).toMatchObject({ status: 'queued', standings: { assigned: 1, queued: 1, cancelled: 1 } });
    expect(await coordinator.cancel('p', 'the branch is gone')).toEqual({ status: 'running' });
    expect(await coordinator.cancel('q', 'it too')).toEqual({ status: 'queued' });
    // No drone says a word.
    clock.pass(60_000);
    await new Promise(setImmediate);
    const cancelled = { status: 'done', outcome: 'cancelled', standings: { cancelled: 3 } };
    expect(await parentIn(held)).toEqual({ ...cancelled, reason: 'the branch is gone' });
    expect(await parentIn(held, 'q')).toEqual({ ...cancelled, reason: 'it too' });
  });

  test('hands on another priority to the cells that are not done', async () => {
    const { coordinator, held } = await aFleet();
    await coordinator.submit(build);
    await finish(coordinator, ids[0]!);
    await coordinator.setPriority('p', 7);
    await coordinator.setPriority(ids[1]!, 3);
    const priorities = (await held.store.children('p')).map(({ priority }) => priority);
    expect([(await held.store.job('p'))?.priority, ...priorities]).toEqual([7, 0, 3, 7]);
  });

  test('is repeated whole, a cell of it alone', async () => {
    const { coordinator, held } = await aFleet();
    await coordinator.submit(build);
    for (const id of ids) await finish(coordinator, id);
    expect(await parentIn(held)).toMatchObject({ outcome: 'passed', reason: null });
    const { id: again } = await coordinator.retry('p');
    expect(await held.store.children(again)).toHaveLength(3);
    expect(await held.store.job(again)).toMatchObject({ retryOf: 'p', parentOf: 'cells' });
    const { id: alone } = await coordinator.retry(ids[1]!);
    expect(await held.store.job(alone)).toMatchObject({
      retryOf: ids[1],
      parent: null,
      parentOf: null,
      cell: { platform: 'debian-12', node: 22 },
    });
    expect((await held.store.job(alone))?.job).toEqual({ ...(await held.store.job(ids[1]!))?.job, retryOf: ids[1] });
  });

  test('hands on to its cells what it comes after; what comes after it waits for the last of them', async () => {
    const { coordinator, held } = await aFleet();
    await coordinator.submit({ id: 'first' });
    await coordinator.submit({ ...build, after: ['first'] });
    await coordinator.submit({ id: 'last', after: ['p'] });
    expect(coordinator.waiting(ids[0]!)).toMatchObject({ reason: 'waiting-for-jobs', jobs: ['first'] });
    await finish(coordinator, 'first');
    for (const id of ids) {
      expect(coordinator.waiting('last')).toMatchObject({ jobs: ['p'] });
      await finish(coordinator, id);
    }
    expect(running(coordinator)).toEqual(['last']);
    await coordinator.submit({ id: 'bad' });
    await finish(coordinator, 'bad', 1);
    await coordinator.submit({ ...build, id: 'q', after: ['bad'] });
    expect(await parentIn(held, 'q')).toMatchObject({ status: 'done', outcome: 'cancelled', standings: { cancelled: 3 } });
  });

  test('goes on after a restart, whatever was over by then', async () => {
    const { coordinator, held, clock } = await aFleet();
    await coordinator.submit(build);
    await finish(coordinator, ids[0]!);
    coordinator.stop();
    const next = (await aCoordinator(held, clock)).coordinator;
    expect(next.neededJobs()).toEqual(new Set());
    await join(next);
    for (const id of ids.slice(1)) await finish(next, id);
    expect(await parentIn(held)).toEqual({ status: 'done', outcome: 'passed', reason: null, standings: { passed: 3 } });
  });

  test('is one commit: what fails leaves nothing of it behind', async () => {
    const { coordinator, held } = await aCoordinator();
    held.isHeld = true;
    const submitted = coordinator.submit(build);
    held.failWith(new Error('the disk is gone'));
    await expect(submitted).rejects.toThrow('the disk is gone');
    held.failWith();
    expect((await held.store.jobs({ limit: 10 })).jobs).toEqual([]);
  });
});

describe('cells of a dropped platform', () => {
  test('are left out, and the parent says so', async () => {
    const { coordinator, held } = await aFleet();
    await coordinator.platformDesk.drop('debian-12', 'new disks');
    await coordinator.submit(build);
    expect(running(coordinator)).toEqual([ids[2]]);
    expect((await held.store.job('p'))?.children).toMatchObject({
      count: 1,
      leftOut: [{ platform: 'debian-12', cells: 2, reason: 'new disks' }],
    });
    coordinator.stop();
    const next = (await aCoordinator(held)).coordinator;
    await join(next);
    await finish(next, ids[2]!);
    expect((await held.store.job('p'))?.children).toEqual({
      kind: 'cells',
      count: 1,
      standings: { passed: 1 },
      leftOut: [{ platform: 'debian-12', cells: 2, reason: 'new disks' }],
    });
  });

  test('leave nothing: then the parent is over at once, and so is what comes after it', async () => {
    const { coordinator, held } = await aFleet();
    for (const name of ['debian-12', 'freebsd-14']) await coordinator.platformDesk.drop(name);
    await coordinator.submit(build);
    const reason = 'platform debian-12 is dropped; platform freebsd-14 is dropped';
    expect(await parentIn(held)).toEqual({ status: 'done', outcome: 'cancelled', reason, standings: {} });
    await coordinator.submit({ id: 'last', after: ['p'] });
    expect(await held.store.job('last')).toMatchObject({ outcome: 'cancelled', reason: 'after p: cancelled' });
    expect(coordinator.jobs.size).toBe(0);
  });
});

describe('a matrix is refused', () => {
  test.each<[string, object, string]>([
    ['without an axis', { exclude: [] }, 'matrix'],
    ['with an axis without values', { platform: [] }, 'matrix.platform'],
    ['with a value twice', { node: [20, '20'] }, 'matrix.node.1'],
    ['with an axis whose name is none', { 'a b': [1] }, 'matrix.a b'],
    ['with two axes of one variable', { 'a-b': [1], 'a.b': [1] }, 'matrix.a.b'],
    ['that includes', { node: [1], include: ['x'] }, 'matrix.include'],
    ['that excludes by an axis that there is not', { node: [1, 2], exclude: [{ nod: 1 }] }, 'matrix.exclude.0.nod'],
    ['that excludes a value that there is not', { node: [1, 2], exclude: [{ node: 1 }, { node: 3 }] }, 'matrix.exclude.1.node'],
    ['that excludes every cell', { node: [1], exclude: [{ node: 1 }] }, 'matrix.exclude'],
  ])('%s', async (_, given, path) => {
    const { coordinator } = await aCoordinator();
    await expect(coordinator.submit({ matrix: given })).rejects.toMatchObject({ code: 'INVALID_JOB', issues: [{ path }] });
    expect(coordinator.jobs.size).toBe(0);
  });

  test('beyond the cells that there may be, and beyond the queue', async () => {
    const { coordinator, held } = await aCoordinator();
    const many = Array.from({ length: 17 }, (_, i) => i);
    await expect(coordinator.submit({ matrix: { a: many, b: many } })).rejects.toMatchObject({ code: 'TOO_MANY_CELLS' });
    Object.assign(coordinator.limits, { maxQueue: 3 });
    await expect(coordinator.submit(build)).rejects.toMatchObject({ code: 'QUEUE_FULL' });
    Object.assign(coordinator.limits, { maxQueue: 4 });
    await coordinator.submit(build);
    expect((await held.store.jobs({ limit: 10 })).jobs).toHaveLength(4);
  });

  test('where a job has the id of a cell', async () => {
    const { coordinator } = await aCoordinator();
    await coordinator.submit({ id: ids[1] });
    await expect(coordinator.submit(build)).rejects.toMatchObject({ code: 'INVALID_JOB', issues: [{ path: 'id' }] });
    expect(coordinator.jobs.size).toBe(1);
  });
});
