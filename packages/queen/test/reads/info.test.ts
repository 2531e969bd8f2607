import { expect, test } from '@jest/globals';
import { JobInfo, JobSummary, JobsPage, OutputIndex } from '@skep/protocol';
import type { Socket } from 'socket.io-client';
import { ask, startQueen, submit, until } from '../helpers/startQueen.js';

test('a job is shown with masked secrets, and commands by their screencmd', async () => {
  await using queen = await startQueen();
  const drone = await queen.drone('d');
  drone.on('queue:new', ({ id }) => {
    drone.emit('job:started', id, 100);
    drone.emit('job:stdout', id, 'hello\n');
    drone.emit('job:cmd:start', id, 0, 'deploy --key hunter2', 'deploy --key ...');
    drone.emit('job:cmd:stdout', id, 0, 'out ');
    drone.emit('job:cmd:stderr', id, 0, 'err');
    drone.emit('job:cmd:stdout', id, 0, 'more');
    drone.emit('job:cmd:done', id, 0, 3);
    drone.emit('job:done', id, 200);
  });
  const id = await submit(queen.url, {
    project: 'p',
    secrets: { KEY: 'hunter2' },
    repo: { url: 'https://u:hunter2@example.org/r.git' },
    phases: { deploy: [{ command: 'deploy --key hunter2', screencmd: 'deploy --key ...' }] },
  });
  const { text, json } = await until(
    () => ask(`${queen.url}/api/jobs/${id}`),
    ({ json }) => JobInfo.parse(json).status === 'done',
  );
  expect(text).not.toContain('hunter2');
  const info = JobInfo.parse(json);
  expect(info).toMatchObject({ id, outcome: 'failed', exitCode: 3, attempt: 1, drone: 'd', waiting: null, started: 100 });
  expect(info.cmds.map(({ num, cmd, out, err, exitCode }) => [num, cmd, out, err, exitCode])).toEqual([
    [-1, expect.any(String), 'hello\n', '', null],
    [0, 'deploy --key ...', 'out more', 'err', 3],
  ]);
  expect(info.output).toMatchObject({ bytes: 17, lines: 1, state: 'complete' });
  expect(info.attempts).toMatchObject([{ attempt: 1, drone: 'd', outcome: 'failed', firstCursor: 0, events: info.cursor }]);
});

test('where output is missing is known, and that it is partial', async () => {
  await using queen = await startQueen();
  const assigned = (drone: Socket) => new Promise<string>((resolve) => drone.once('queue:new', ({ id }) => resolve(id)));
  const first = await queen.drone('d');
  const ids = assigned(first);
  await submit(queen.url);
  const id = await ids;
  const output = `${queen.url}/api/jobs/${id}/output`;
  first.emit('job:stdout', id, 'a\nb');
  await until(
    () => ask(output),
    ({ text }) => text === 'a\nb',
  );
  first.disconnect();
  const drone = await queen.drone('d');
  drone.emit('job:stdout', id, 'c\n');
  drone.emit('job:cut', id, 7, 50);
  drone.emit('job:stderr', id, '[7 bytes left out]\n');
  drone.emit('job:done', id, 2);
  const { json } = await until(
    () => ask(`${output}/index`),
    ({ json }) => OutputIndex.parse(json).output.state !== 'growing',
  );
  const { attempt, output: info } = OutputIndex.parse(json);
  expect([attempt, info.state, info.missing]).toEqual([1, 'partial', 'the drone lost its connection']);
  expect(info.gaps).toEqual([
    { firstByte: 3, firstLine: 1, why: 'the drone lost its connection' },
    { firstByte: 5, firstLine: 2, why: expect.any(String), cut: { bytes: 7, limit: 50 } },
  ]);
  expect((await ask(output)).headers['x-skep-output']).toBe('partial');
  expect((await ask(`${output}/index?attempt=2`)).status).toBe(404);
});

test('before its first attempt a job has an output that is still to come, and says why it waits', async () => {
  await using queen = await startQueen();
  const id = await submit(queen.url, {});
  const before = JobInfo.parse((await ask(`${queen.url}/api/jobs/${id}`)).json);
  expect(before).toMatchObject({ status: 'queued', waiting: { reason: 'no-drone' }, attempts: [], cmds: [] });
  expect(before.output).toEqual({ bytes: 0, lines: 0, state: 'growing' });
  await ask(`${queen.url}/api/jobs/${id}/cancel`, { method: 'POST' });
  const after = JobInfo.parse((await ask(`${queen.url}/api/jobs/${id}`)).json);
  expect(after).toMatchObject({ status: 'done', outcome: 'cancelled', waiting: null, output: { state: 'complete' } });
});

test('jobs are listed newest first, in pages, by what they are', async () => {
  await using queen = await startQueen();
  await queen.drone('away', 1);
  const ids: string[] = [];
  for (let count = 0; count < 5; count++)
    ids.push(await submit(queen.url, { project: count % 2 ? 'odd' : 'even', requires: { minSpeed: 99 } }));
  await ask(`${queen.url}/api/jobs/${ids[4]}/cancel`, { method: 'POST' });
  const list = async (query: string): Promise<JobsPage> => JobsPage.parse((await ask(`${queen.url}/api/jobs?${query}`)).json);
  const idsOf = async (query: string): Promise<string[]> => (await list(query)).jobs.map(({ id }) => id);
  expect(await idsOf('')).toEqual(ids.toReversed());
  expect(await idsOf('sort=oldest&status=active')).toEqual(ids.slice(0, 4));
  expect((await ask(`${queen.url}/api/jobs?sort=slowest`)).status).toBe(400);
  expect(await idsOf('status=active')).toEqual(ids.slice(0, 4).toReversed());
  expect(await idsOf('status=done&outcome=cancelled')).toEqual(ids.slice(4));
  expect(await idsOf('project=odd')).toEqual([ids[3], ids[1]]);
  expect(await idsOf('drone=away')).toEqual([]);
  const first = await list('limit=2');
  const second = await list(`limit=2&before=${first.next}`);
  const third = await list(`limit=2&before=${second.next}`);
  expect([first, second, third].map(({ jobs }) => jobs.length)).toEqual([2, 2, 1]);
  expect(third.next).toBeNull();
  expect(JobSummary.parse(third.jobs[0])).toMatchObject({ id: ids[0], waiting: { reason: 'unmet-requirements', which: ['minSpeed=99'] } });
});
