import { expect, test } from '@jest/globals';
import type { DroneSummary } from '@skep/protocol';
import { droneOrderIn, nextOrder, orderedDrones } from '../src/droneOrder.js';

const aDrone = (name: string, changed: Partial<DroneSummary>): DroneSummary => ({
  id: name,
  name,
  speed: 1,
  capacity: 4,
  labels: {},
  plugins: [],
  handlers: [],
  state: 'idle',
  running: [],
  waiting: 0,
  connectedAt: null,
  seenAt: null,
  ...changed,
});

const drones = [
  aDrone('b', { speed: 5, running: ['1'], state: 'busy', waiting: 2, seenAt: 7 }),
  aDrone('c', { speed: 9, capacity: 8, state: 'lost', seenAt: 9 }),
  aDrone('a', { speed: 5, running: ['2', '3', '4'], state: 'busy', seenAt: 8 }),
  aDrone('d', { state: 'offline' }),
];

test.each([
  ['', 'a b c d'],
  ['-name', 'd c b a'],
  ['speed', 'd a b c'],
  ['-speed', 'c a b d'],
  ['slots', 'd c b a'],
  ['-waiting', 'b a c d'],
  ['state', 'c a b d'],
  ['-heard', 'c a b d'],
  ['nonsense', 'a b c d'],
  ['-constructor', 'a b c d'],
])('by %s drones come as %s', (sort, names) => {
  const order = droneOrderIn(new URLSearchParams({ sort }));
  expect(orderedDrones(drones, order).map(({ name }) => name)).toEqual(names.split(' '));
});

test('a column that is chosen again turns the order round', () => {
  const chosen = (sort: string, column: 'name' | 'speed') => nextOrder(droneOrderIn(new URLSearchParams({ sort })), column);
  expect([chosen('', 'speed'), chosen('speed', 'speed'), chosen('-speed', 'speed'), chosen('', 'name')]).toEqual([
    ...['speed', '-speed', 'speed', '-name'],
  ]);
});
