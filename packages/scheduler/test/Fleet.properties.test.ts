import { expect, test } from '@jest/globals';
import { createFleet } from '@skep/scheduler';
import fc from 'fast-check';
import { type Command, commands, droneIds, jobIds, player, sayings } from './helpers/commands.js';
import { plainFleet } from './helpers/plainFleet.js';
import { aDrone, aJob, needs } from './helpers/values.js';

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
