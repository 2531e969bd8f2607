import { expect, test } from '@jest/globals';
import { createFleet, type JobGroup } from '@skep/scheduler';
import fc from 'fast-check';
import { type Command, commands, droneIds, jobIds, outlooks, player, sayings } from './helpers/commands.js';
import { plainFleet } from './helpers/plainFleet.js';
import { aDrone, aJob, needs } from './helpers/values.js';

/** What a drone has that can run any job of the histories, but for the label `os`. */
const ableToAll = { speed: 9, labels: { os: 'linux', arch: 'arm' }, plugins: ['node', 'git'], handlers: ['resize'] };

test('over any history a fleet answers every question as the oracle does', () => {
  fc.assert(
    fc.property(commands, (history) => {
      const [fleet, oracle] = [createFleet(), plainFleet()];
      const [play, playOracle] = [player(fleet), player(oracle)];
      for (const [step, command] of history.entries()) {
        // Some instants come twice, so that the longest idle drone is not always a single one.
        const nowMs = Math.floor(step / 3);
        expect(play(command, nowMs)).toEqual(playOracle(command, nowMs));
        expect(sayings(fleet)).toEqual(sayings(oracle));
      }
      expect(outlooks(fleet)).toEqual(outlooks(oracle));
    }),
    { numRuns: 200 },
  );
});

test('asking why changes nothing: a fleet that is never asked makes the same choices', () => {
  fc.assert(
    fc.property(commands, (history) => {
      const [asked, unasked] = [createFleet(), createFleet()];
      const [play, playUnasked] = [player(asked), player(unasked)];
      for (const [step, command] of history.entries()) {
        sayings(asked);
        outlooks(asked);
        expect(play(command, step)).toEqual(playUnasked(command, step));
      }
      expect(sayings(asked)).toEqual(sayings(unasked));
    }),
  );
});

test('requirements by the hundred, each of a few jobs that come and go, are answered as the oracle does', () => {
  const [fleet, oracle] = [createFleet(), plainFleet()];
  const [play, playOracle] = [player(fleet), player(oracle)];
  const both = (command: Command, nowMs: number) => {
    expect(play(command, nowMs)).toEqual(playOracle(command, nowMs));
    expect(sayings(fleet)).toEqual(sayings(oracle));
  };
  for (const [speed, id] of droneIds.entries()) both({ do: 'setDrone', drone: aDrone(id, { speed: 50 * (speed + 1) }) }, 0);
  for (let n = 0; n < 400; n++) {
    const [drone, job] = [droneIds[n % droneIds.length]!, jobIds[n % jobIds.length]!];
    both({ do: 'addJob', job: aJob(job, n, { requirements: needs({ minSpeed: (n * 7) % 240 }) }) }, n);
    if (n % 3 > 0) both({ do: 'drain' }, n);
    if (n % 4 > 0) both({ do: 'releaseOldest', drone }, n);
    if (n % 50 === 49) both({ do: 'removeDrone', drone }, n);
    if (n % 50 === 9) both({ do: 'setDrone', drone: aDrone(drone, { speed: n, capacity: 2, closed: n % 20 === 9 }) }, n);
  }
});

test('never do more jobs of a group run than the lowest limit that those which run name, and all get their turn', () => {
  fc.assert(
    fc.property(commands, (history) => {
      const fleet = createFleet();
      const groups = new Map<string, JobGroup | undefined>();
      const running: { jobId: string; droneId: string }[] = [];
      const ofGroup = (name: string) => running.flatMap(({ jobId }) => (groups.get(jobId)?.name === name ? [groups.get(jobId)!] : []));
      const goOn = () => {
        for (let choice = fleet.next(); choice; choice = fleet.next()) {
          running.push(choice);
          for (const name of ['one', 'two'])
            expect(ofGroup(name).length).toBeLessThanOrEqual(Math.min(...ofGroup(name).map(({ limit }) => limit)));
        }
      };
      for (const [step, command] of history.entries()) {
        if (command.do === 'setDrone') fleet.setDrone(command.drone, step);
        else if (command.do === 'removeDrone') fleet.removeDrone(command.drone);
        else if (command.do === 'addJob' && !groups.has(command.job.id)) {
          groups.set(command.job.id, command.job.group);
          // Two drones in the end are to be able to run all of them.
          fleet.addJob({ ...command.job, requirements: { ...command.job.requirements, platform: null, drone: null } });
        } else if (command.do === 'removeJob') fleet.removeJob(command.job);
        else if (command.do === 'moveJob') fleet.moveJob(command.job, command.turn);
        goOn();
      }
      fleet.setDrone(aDrone('any', { ...ableToAll, capacity: 99 }), 999);
      fleet.setDrone(aDrone('mac', { ...ableToAll, capacity: 99, labels: { os: 'mac' } }), 999);
      for (goOn(); running.length > 0; goOn()) {
        const ended = running.shift()!;
        fleet.release(ended.droneId, ended.jobId, 1000);
      }
      expect(fleet.waiting).toBe(0);
    }),
  );
});

test('jobs by the ten thousand that their group has no room for cost a decision nothing', () => {
  const fleet = createFleet();
  for (let n = 0; n < 10; n++) fleet.setDrone(aDrone(`d${n}`), n);
  const group = { name: 'deploy', limit: 3 };
  for (let n = 0; n < 30_000; n++) fleet.addJob(aJob(`g${n}`, n, { group }));
  const running = [fleet.next()!, fleet.next()!, fleet.next()!];
  expect(running.map(({ jobId }) => jobId)).toEqual(['g0', 'g1', 'g2']);
  expect(fleet.next()).toBeUndefined();
  fleet.addJob(aJob('free', 999_999));
  expect(fleet.next()).toMatchObject({ jobId: 'free' });
  expect(fleet.why('g29999')).toEqual({ reason: 'group-full', group: 'deploy' });
  // To look at each of them at each decision would take minutes.
  for (let n = 0; n < 10_000; n++) {
    const ended = running.shift()!;
    fleet.release(ended.droneId, ended.jobId, n);
    const next = fleet.next()!;
    expect(next.jobId).toBe(`g${n + 3}`);
    running.push(next);
  }
});

test('a job among a hundred thousand is moved without looking at the others', () => {
  const fleet = createFleet();
  for (let n = 0; n < 10; n++) fleet.setDrone(aDrone(`d${n}`, { closed: true }), n);
  for (let n = 0; n < 100_000; n++) fleet.addJob(aJob(`j${n}`, n));
  for (let n = 0; n < 20_000; n++) expect(fleet.moveJob(`j${99_999 - n}`, { priority: 1, order: -n })).toBe(true);
  fleet.setDrone(aDrone('d0', { capacity: 1 }), 10);
  expect(fleet.next()).toEqual({ jobId: 'j80000', droneId: 'd0' });
  expect(fleet.moveJob('j80000', { priority: 2, order: 0 })).toBe(false);
});
