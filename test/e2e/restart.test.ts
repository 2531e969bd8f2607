import { expect, test } from '@jest/globals';
import { TestQueen } from '../helpers/startQueen.js';
import { tempDir } from '../helpers/tempDir.js';
import { until } from '../helpers/until.js';

test('a queen that comes back knows what was done, what waited and what ran', async () => {
  await using folder = await tempDir();
  const first = await TestQueen.start({ dataDir: folder.path });
  const drone = await first.drone({ id: 'd' });
  await first.submit({ id: 'done' });
  await drone.hears('queue:new');
  drone.say('job:cmd:start', 'done', 0, 'make');
  drone.say('job:cmd:stdout', 'done', 0, 'all made\n');
  drone.say('job:cmd:done', 'done', 0, 0);
  drone.say('job:done', 'done', 1);
  await first.done('done');
  await first.submit({ id: 'runs' });
  await drone.hears('queue:new', 2);
  drone.say('job:cmd:start', 'runs', 0, 'make');
  drone.say('job:cmd:stdout', 'runs', 0, 'before ');
  await until(async () => (await first.info('runs')).cursor === 2);
  await first.submit({ id: 'waits' });

  await using second = await first.restart();
  expect(await second.info('done')).toMatchObject({
    outcome: 'passed',
    cmds: [{ cmd: 'make', out: 'all made\n' }],
    output: { state: 'complete' },
  });
  expect(await second.info('runs')).toMatchObject({ status: 'running', attempt: 1 });
  expect(await second.info('waits')).toMatchObject({ status: 'queued' });

  await until(() => drone.socket.connected);
  await drone.ask('drone:info', { id: 'd', speed: 1, capacity: 1 });
  drone.say('job:cmd:stdout', 'runs', 0, 'after');
  drone.say('job:done', 'runs', 1);
  expect(await second.done('runs')).toMatchObject({ attempt: 1, cmds: [{ out: 'before after' }] });
  await until(() => drone.all('queue:new').length === 3);
});

test('what a drone without an id held is lost with a restart of the queen', async () => {
  await using folder = await tempDir();
  const first = await TestQueen.start({ dataDir: folder.path });
  const drone = await first.drone();
  const id = await first.submit({ retry: { lost: 0 } });
  await drone.hears('queue:new');
  drone.say('job:started', id, 1);
  await until(async () => (await first.info(id)).status === 'running');
  await using second = await first.restart();
  expect(await second.done(id)).toMatchObject({ outcome: 'lost' });
});
