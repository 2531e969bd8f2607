import { expect, test } from '@jest/globals';
import { createFleet } from '@skep/scheduler';
import fc from 'fast-check';
import { commands, player, sayings } from './helpers/commands.js';
import { plainFleet } from './helpers/plainFleet.js';

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
