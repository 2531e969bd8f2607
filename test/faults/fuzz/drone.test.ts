import { expect, test } from '@jest/globals';
import { until } from '../../helpers/until.js';
import { DroneMessages } from './droneMessages.js';
import { HostileQueen } from './HostileQueen.js';
import { MeasuredProcess } from './MeasuredProcess.js';
import { Random } from './Random.js';
import { fuzzCount, fuzzSeed, replayHint } from './run.js';

const COUNT = fuzzCount(10_000);
/** Connections that a third of the messages are said on. */
const CUTS = 3;
/** What the drone may hold more after the last third of the run than after the one before. */
const GROWTH_BYTES = 8 * 1024 * 1024;

test(`a drone outlives a queen that tells it ${COUNT} bad things, grows no larger by them, and runs the next job`, async () => {
  const random = new Random(fuzzSeed);
  await using queen = await HostileQueen.start(new DroneMessages(fuzzSeed), random);
  await using drone = await MeasuredProcess.start<'ready'>('drone.mjs', { queen: queen.url, speed: 1, capacity: 4, graceMs: 200 });
  const held: number[] = [];
  try {
    for (let third = 0; third < 3; third++) {
      queen.isHostile = true;
      for (let cut = 0; cut < CUTS; cut++) {
        await drone.whileAlive(queen.speak(Math.ceil(COUNT / 3 / CUTS)));
        queen.cut();
      }
      await drone.whileAlive(behave(queen));
      held.push((await drone.memory()).heapUsed);
    }
  } catch (error) {
    throw new Error(replayHint('drone', COUNT), { cause: error });
  }
  const [, second = 0, third = 0] = held;
  expect(third - second).toBeLessThan(GROWTH_BYTES);
  await drone.whileAlive(runsAJob(queen));
}, 240_000);

/** From now on the queen is a good one; the drone lets go of all that it was told. */
async function behave(queen: HostileQueen): Promise<void> {
  queen.isHostile = false;
  const { resumes } = queen;
  queen.cut();
  await until(() => queen.resumes > resumes, 'the drone has come back');
}

async function runsAJob(queen: HostileQueen): Promise<void> {
  queen.assign({ id: 'real', job_id: 'real', attempt: 1, lease: 1, assigned: 0, phases: { test: ['echo all is well'] } });
  const frames = () => queen.frames.filter(({ id }) => id === 'real');
  await until(() => frames().some(({ end }) => end), 'the job is done');
  const events = frames().flatMap((frame) => frame.events.map(([, ...event]) => event));
  expect(events).toContainEqual(['job:tested', 0, expect.any(Number)]);
  expect(
    events
      .filter(([name]) => name === 'job:cmd:stdout')
      .map(([, , output]) => String(output))
      .join(''),
  ).toBe('all is well\n');
}
