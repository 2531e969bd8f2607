import { expect, test } from '@jest/globals';
import { startDrone } from '../../helpers/startDrone.js';
import { until } from '../../helpers/until.js';
import { writeGarbage } from './garbage.js';
import { MeasuredProcess } from './MeasuredProcess.js';
import { Random } from './Random.js';
import { RawSocket } from './RawSocket.js';
import { fuzzCount, fuzzSeed, replayHint } from './run.js';
import { Swarm } from './Swarm.js';

const COUNT = fuzzCount(180_000);
/** Messages between two looks at the connections. */
const ROUND = 2000;
/** Connections a round on which something is said that is no packet. */
const GARBAGE = 4;
/** What the queen may hold more after the last third of the run than after the one before: what a leak of 200 bytes a message would be. */
const GROWTH_BYTES = Math.max(8 * 1024 * 1024, (COUNT / 3) * 200);

test(`a queen answers ${COUNT} bad messages by name, grows no larger by them, and goes on with its work`, async () => {
  await using queen = await MeasuredProcess.start<{ url: string }>('queen.mjs', { lostAfterMs: 50, limits: { maxEventRate: 1_000_000 } });
  const { url } = queen.ready;
  const random = new Random(fuzzSeed);
  const swarm = new Swarm(url, random, fuzzSeed);
  const rounds = Math.ceil(COUNT / ROUND);
  const held: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    await queen.whileAlive(swarm.round(round, ROUND));
    for (let count = 0; count < GARBAGE; count++) await queen.whileAlive(sayGarbage(url, random));
    if (round % Math.ceil(rounds / 3) !== 0 && round !== rounds) continue;
    await cancelQueued(url);
    held.push((await queen.memory()).heapUsed);
  }
  const again = replayHint('queen', COUNT);
  expect({ again, problems: swarm.problems, logged: queen.said }).toEqual({ again, problems: [], logged: '' });
  const [, second = 0, third = 0] = held;
  expect(third - second).toBeLessThan(GROWTH_BYTES);
  await servesAJob(url);
}, 240_000);

async function sayGarbage(url: string, random: Random): Promise<void> {
  const socket = await RawSocket.connect(url, random.chance(0.5) ? '/' : '/drone');
  for (let count = 0; count < 3 && socket.isOpen; count++) writeGarbage(socket.socket, random);
  // Read by the queen before this is answered.
  await fetch(`${url}/healthz`);
  socket.close();
}

/** Ends all jobs that fuzzing has left in the queue. */
async function cancelQueued(url: string): Promise<void> {
  await until(async () => {
    const { jobs } = (await (await fetch(`${url}/api/jobs?status=queued&limit=500`)).json()) as { jobs: { id: string }[] };
    await Promise.all(jobs.map(({ id }) => fetch(`${url}/api/jobs/${encodeURIComponent(id)}/cancel`, { method: 'POST' })));
    return jobs.length === 0;
  }, 'no job waits');
}

async function servesAJob(url: string): Promise<void> {
  await using drone = await startDrone(url, { name: 'real' });
  expect(drone.info.name).toBe('real');
  const body = JSON.stringify({ id: 'real', phases: { test: ['echo all is well'] } });
  await fetch(`${url}/api/jobs`, { method: 'POST', body });
  const job = await until(async () => {
    const info = (await (await fetch(`${url}/api/jobs/real`)).json()) as { status: string };
    return info.status === 'done' && info;
  }, 'the job is done');
  expect(job).toMatchObject({ outcome: 'passed', cmds: [{ out: 'all is well\n' }], output: { state: 'complete' } });
}
