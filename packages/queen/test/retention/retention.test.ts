import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { JobsPage, Outcome, RetentionAnswer } from '@skep/protocol';
import type { DoneJob } from '@skep/store';
import { io } from 'socket.io-client';
import { Queen } from '../../src/Queen.js';
import { beyondOf } from '../../src/retention/beyondOf.js';

const DAY = 24 * 3_600_000;
const NOW = 1000 * DAY;
let made = 0;
const done = (outcome: Outcome, daysAgo: number, bytes = 10, project: string | null = 'web'): DoneJob => ({
  id: `j${++made}`,
  project,
  outcome,
  finishedAt: NOW - daysAgo * DAY,
  bytes,
  descendants: [],
});

describe('a job is beyond', () => {
  test('its days, however few there are; those that passed and all others apart', () => {
    const beyond = beyondOf({ passed: { days: 5 }, failed: { days: 2 } }, NOW);
    expect([done('passed', 3), done('failed', 3), done('passed', 5), done('passed', 5.1), done('lost', 9)].map(beyond)).toEqual([
      undefined,
      'days',
      undefined,
      'days',
      'days',
    ]);
  });

  test('the number of jobs, and the bytes, of its project', () => {
    const jobs = beyondOf({ passed: { jobs: 2 } }, NOW);
    const three = () => [done('passed', 1), done('passed', 2), done('passed', 3)];
    expect([...three(), ...three().map((job) => ({ ...job, project: null }))].map(jobs)).toEqual([
      undefined,
      undefined,
      'jobs',
      undefined,
      undefined,
      'jobs',
    ]);
    const bytes = beyondOf({ passed: { bytes: 25 } }, NOW);
    expect(three().map(bytes)).toEqual([undefined, undefined, 'bytes']);
  });

  test('the bounds of its own project, where it has some, in place of those for all', () => {
    const beyond = beyondOf({ passed: { jobs: 0 }, failed: { jobs: 0 }, projects: { web: { passed: { jobs: 1 } } } }, NOW);
    expect([done('passed', 1), done('passed', 2), done('failed', 2), done('passed', 2, 1, 'other')].map(beyond)).toEqual([
      undefined,
      'jobs',
      undefined,
      'jobs',
    ]);
  });
});

test('a queen removes what is beyond when it starts, with its output and its children; what others wait for stays', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'skep-retention-'));
  const options = { dataDir, port: 0 };
  let queen = new Queen(options);
  let { url } = await queen.listen();
  const post = (job: object) => fetch(`${url}/api/jobs`, { method: 'POST', body: JSON.stringify(job) });
  const get = async <T>(path: string) => (await (await fetch(`${url}${path}`)).json()) as T;
  const drone = io(`${url}/drone`, { transports: ['websocket'], forceNew: true });
  try {
    drone.on('drone:query-info', () => drone.emit('drone:info', { speed: 1, capacity: 1, id: 'd', name: 'd', labels: { n: '1' } }));
    drone.on('queue:new', ({ id }: { id: string }) => {
      drone.emit('job:started', id, Date.now());
      drone.emit('job:stdout', id, `output of ${id}\n`);
      drone.emit('job:done', id, Date.now());
    });
    const isDone = async (id: string) => (await get<{ status: string }>(`/api/jobs/${id}`)).status === 'done';
    for (const id of ['a', 'b', 'c', 'd']) {
      await post(id < 'c' ? { id, matrix: { n: [1] } } : { id });
      while (!(await isDone(id))) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    // For ever: no drone has this label.
    await post({ id: 'waits', after: ['a~1'], requires: { labels: { no: 'where' } } });
    drone.disconnect();
    await queen.close();
    queen = new Queen({ ...options, retention: { passed: { jobs: 2 } } });
    ({ url } = await queen.listen());
    const ids = async () => (await get<JobsPage>('/api/jobs')).jobs.map(({ id }) => id);
    while ((await ids()).includes('b')) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await ids()).toEqual(['waits', 'd', 'c', 'a~1', 'a']);
    expect((await fetch(`${url}/api/jobs/b~1/output`)).status).toBe(404);
    expect(await (await fetch(`${url}/api/jobs/a~1/output`)).text()).toBe('output of a~1\n');
    expect(await get<RetentionAnswer>('/api/retention')).toMatchObject({ retention: { passed: { jobs: 2 } }, jobs: [], count: 0 });
    const tried = await fetch(`${url}/api/retention/plan`, { method: 'POST', body: JSON.stringify({ passed: { jobs: 1 } }) });
    // `a` is waited for.
    expect(await tried.json()).toMatchObject({ retention: { passed: { jobs: 1 } }, jobs: [{ job: 'c', because: 'jobs' }], count: 1 });
    expect(await ids()).toContain('c');
    expect(await (await post({ id: 'b' })).json()).toEqual({ id: 'b' });
  } finally {
    drone.disconnect();
    await queen.close();
    await rm(dataDir, { recursive: true });
  }
});
