import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ErrorAnswer, type Job, JobInfo, JobSummary, JobsPage, JobWhy, Stats } from '@skep/protocol';
import { io, type Socket } from 'socket.io-client';
import { ask, startQueen, submit, type TestQueen, until } from '../helpers/startQueen.js';

const build: Job = { project: 'hive', phases: { test: ['make'] } };

/** Has a plain drone run its jobs when it is told to. */
function runner(drone: Socket) {
  const given: string[] = [];
  drone.on('queue:new', ({ id }: { id: string }) => given.push(id));
  return {
    async start(id: string): Promise<void> {
      await until(async () => given.includes(id), Boolean);
      drone.emit('job:started', id, Date.now());
      drone.emit('job:cmd:start', id, 0, 'make');
    },
    write: (id: string, text: string) => drone.emit('job:cmd:stdout', id, 0, text),
    end(id: string, tookMs: number, code = 0): void {
      const now = Date.now();
      drone.emit('job:started', id, now - tookMs);
      drone.emit('job:cmd:done', id, 0, code);
      drone.emit('job:done', id, now);
    },
  };
}

describe('why a job waits and how long', () => {
  let queen: TestQueen;
  let drone: ReturnType<typeof runner>;
  const why = async (id: string): Promise<JobWhy> => JobWhy.parse((await ask(`${queen.url}/api/jobs/${id}/why`)).json);
  const info = async (id: string): Promise<JobInfo> => JobInfo.parse((await ask(`${queen.url}/api/jobs/${id}`)).json);
  const run = async (tookMs: number, code = 0): Promise<string> => {
    const id = await submit(queen.url, build);
    await drone.start(id);
    drone.end(id, tookMs, code);
    await until(
      () => info(id),
      ({ status }) => status === 'done',
    );
    return id;
  };

  beforeAll(async () => {
    queen = await startQueen();
  });
  afterAll(async () => queen[Symbol.asyncDispose]());

  test('a job that is not there is refused by name', async () => {
    const { status, json } = await ask(`${queen.url}/api/jobs/nobody/why`);
    expect([status, ErrorAnswer.parse(json).error.code]).toEqual([404, 'JOB_NOT_FOUND']);
  });

  test('without a drone nothing is expected, and a drone is what would help', async () => {
    const id = await submit(queen.url, { id: 'early', ...build });
    expect(await why(id)).toEqual({
      id,
      status: 'queued',
      waiting: { reason: 'no-drone' },
      position: null,
      verdicts: [],
      unblock: [{ action: 'start-drone', words: 'start another drone that may run it' }],
      canEverRun: false,
      estimate: { usual: null, start: null, end: null },
    });
    await ask(`${queen.url}/api/jobs/${id}/cancel`, { method: 'POST' });
  });

  test('after three runs that passed it is known how long one takes; a failed one says nothing of it', async () => {
    drone = runner(await queen.drone('one', 1));
    await run(60_000);
    await run(5, 1);
    await run(62_000);
    const third = await submit(queen.url, build);
    expect((await why(third)).estimate).toEqual({ usual: null, start: null, end: null });
    await drone.start(third);
    drone.end(third, 64_000);
    await until(
      () => info(third),
      ({ status }) => status === 'done',
    );
    const known = await until(
      () => why(third),
      ({ estimate }) => estimate.usual !== null,
    );
    expect(known).toMatchObject({ status: 'done', waiting: null, verdicts: [], unblock: [], canEverRun: true });
    expect(known.estimate).toEqual({ usual: { runs: 3, low: 60_000, likely: 62_000, high: 64_000 }, start: null, end: null });
  });

  test('what runs has an end, what waits a start behind it, and watchers of the queue are told both', async () => {
    const told: JobSummary[] = [];
    await using watcher = await watchQueue(queen.url, told);
    expect(watcher.isConnected()).toBe(true);
    const running = await submit(queen.url, build);
    await drone.start(running);
    drone.write(running, 'compiling a.c\n\u001b[32mcompiling b.c\u001b[0m\ncomp');
    const [first, second, other] = [
      await submit(queen.url, build),
      await submit(queen.url, build),
      await submit(queen.url, { ...build, project: 'other' }),
    ];

    const { started } = await info(running);
    const now = await why(running);
    expect(now).toMatchObject({ status: 'running', waiting: null, position: null, estimate: { usual: { runs: 3 }, start: null } });
    expect(now.estimate.end).toEqual({ low: (started ?? 0) + 60_000, likely: (started ?? 0) + 62_000, high: (started ?? 0) + 64_000 });

    const next = await why(first);
    expect(next).toMatchObject({ position: 1, canEverRun: true, unblock: [{ action: 'free-slot' }, { action: 'start-drone' }] });
    expect(next.verdicts).toMatchObject([{ drone: 'one', name: 'one', when: 'busy', reason: 'busy' }]);
    expect(next.estimate.start).toEqual(now.estimate.end);
    const after = await why(second);
    expect(after.position).toBe(2);
    expect(after.estimate.start).toEqual(next.estimate.end);
    expect(after.estimate.end?.likely).toBe((started ?? 0) + 3 * 62_000);
    // Its own duration is unknown, its start is not.
    expect((await why(other)).estimate).toMatchObject({ usual: null, start: after.estimate.end, end: null });
    // What comes after it hangs on it.
    expect((await why(await submit(queen.url, build))).estimate).toMatchObject({ usual: { runs: 3 }, start: null, end: null });

    const usual = { runs: 3, low: 60_000, likely: 62_000, high: 64_000 };
    await until(
      async () => told.filter(({ id }) => id === running).at(-1),
      (last) => last?.lastLine === 'compiling b.c' && last.usual !== undefined,
    );
    expect(told.filter(({ id }) => id === running).at(-1)).toMatchObject({ lastLine: 'compiling b.c', usual });
    const listed = JobsPage.parse((await ask(`${queen.url}/api/jobs?status=running`)).json).jobs;
    expect(listed).toMatchObject([{ id: running, lastLine: 'compiling b.c', usual }]);
    expect((await info(running)).usual).toEqual(usual);

    drone.end(running, 61_000);
    const done = await until(
      () => info(running),
      ({ status }) => status === 'done',
    );
    expect(done.usual).toBeUndefined();
    expect(told.filter(({ id, status }) => id === running && status === 'done')).not.toContainEqual(
      expect.objectContaining({ lastLine: expect.anything() }),
    );
  });

  test('what was done is counted, with how long it waited', async () => {
    const { status, json } = await ask(`${queen.url}/api/stats?hours=1`);
    expect(status).toBe(200);
    const stats = Stats.parse(json);
    expect(stats.outcomes).toEqual({ passed: 4, failed: 1, cancelled: 1 });
    expect(stats.waits?.jobs).toBe(5);
    expect(stats.now).toMatchObject({ running: 1, drones: { busy: 1 }, slots: { taken: 1, capacity: 1 } });
    expect((await ask(`${queen.url}/api/stats?hours=0`)).status).toBe(400);
  });
});

/** A browser that watches the queue, and what it is told of jobs. */
async function watchQueue(url: string, told: JobSummary[]) {
  const socket = io(url, { transports: ['websocket'], forceNew: true });
  socket.on('job:summary', (_: string, summary: unknown) => told.push(JobSummary.parse(summary)));
  await socket.timeout(10_000).emitWithAck('queue:watch');
  return {
    isConnected: () => socket.connected,
    [Symbol.asyncDispose]: async () => void socket.disconnect(),
  };
}
