import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { Hive } from '../helpers/startedDrones.js';
import { isAlive, until } from '../helpers/waiting.js';

test('a drone reports its plugins, and one that has a broken plugin does not start', async () => {
  await using hive = await Hive.start();
  writeFileSync(hive.path('greet.mjs'), `export default { name: 'greet', test: 'echo hello' };`);
  writeFileSync(hive.path('broken.mjs'), 'export default 1;');
  await expect(hive.drone({ plugins: [hive.path('broken.mjs')] })).rejects.toMatchObject({ code: 'INVALID_CONFIG' });
  await expect(hive.drones[0]!.closed).rejects.toMatchObject({ code: 'INVALID_CONFIG' });
  const drone = await hive.drone({ plugins: [hive.path('greet.mjs')] });
  expect(drone.info.plugins).toEqual(['greet']);
  const received = await hive.queen.ended(hive.queen.assign({ id: 'j', plugins: ['greet'] }));
  expect(received.output().toString()).toBe('hello\n');
});

test('an executor goes on after a plugin that wrecked its process; where the executor itself dies, plugins die with it', async () => {
  await using hive = await Hive.start();
  const source = `import { writeFileSync } from 'node:fs';
    export default { name: 'wrecks', test: ({ job }) => {
      writeFileSync(${JSON.stringify(hive.path('pids'))}, process.pid + ' ' + process.ppid);
      if (job.id === 'exits') process.exit(1);
      for (;;);
    } };`;
  writeFileSync(hive.path('wrecks.mjs'), source);
  await hive.drone({ plugins: [hive.path('wrecks.mjs')], capacity: 1 });
  const pids = (): number[] => (existsSync(hive.path('pids')) ? readFileSync(hive.path('pids'), 'utf8').split(' ').map(Number) : []);
  await hive.queen.ended(hive.queen.assign({ id: 'exits', plugins: ['wrecks'] }));
  const [gone, executor] = pids();
  const loops = hive.queen.assign({ id: 'loops', plugins: ['wrecks'] });
  await until(() => pids()[0] !== gone && pids().length === 2, 'the next plugin');
  expect(pids()[1]).toBe(executor);
  process.kill(executor!, 'SIGKILL');
  const { events } = await hive.queen.ended(loops);
  expect(events.find(([, name]) => name === 'job:errored')?.[2]).toMatchObject({ code: 'executor-died' });
  await until(() => !isAlive(pids()[0]!), 'the end of the plugin');
});
