import { describe, expect, test } from '@jest/globals';
import { type DroneSummary, type Job, Unblock, unblockOf, Verdict, verdictsOf, type Waiting } from '@skep/protocol';
import { aDroneSummary } from './examples.js';

const aDrone = (change: Partial<DroneSummary>): DroneSummary => ({
  ...aDroneSummary,
  labels: { os: 'linux' },
  state: 'idle',
  running: [],
  ...change,
});
const job: Job = { requires: { labels: { os: 'linux' } } };

test.each<[string, Partial<DroneSummary>, string, string, string]>([
  ['one that is free', {}, 'now', 'free', 'runs 0 of 2'],
  ['one that is full', { running: ['a', 'b'], state: 'busy' }, 'busy', 'busy', 'runs 2 of 2'],
  ['one that has a line', { running: ['a', 'b'], state: 'busy', waiting: 3 }, 'busy', 'busy', 'runs 2 of 2, 3 waiting'],
  ['one of another kind', { labels: { os: 'macos' } }, 'never', 'unmet-requirements', 'label os is macos, not linux'],
  ['one without the label', { labels: {} }, 'never', 'unmet-requirements', 'has no label os=linux'],
  ['one that is drained', { state: 'draining', reason: 'new disk' }, 'never', 'draining', 'takes no new jobs: new disk'],
  ['one that fell ill', { state: 'quarantined', reason: 'quarantined: 3 in a row' }, 'never', 'quarantined', 'is quarantined: 3 in a row'],
  [
    'one of a dropped platform',
    { state: 'draining', dropped: true, reason: 'platform p is dropped' },
    'never',
    'platform-dropped',
    'takes no new jobs: platform p is dropped',
  ],
  ['one that is away', { connectedAt: null, state: 'lost' }, 'never', 'away', 'is not connected'],
])('the verdict on %s', (_, drone, when, reason, why) => {
  const [verdict, ...others] = verdictsOf(job, [aDrone(drone)]);
  expect(others).toEqual([]);
  expect(Verdict.parse(verdict)).toMatchObject({ drone: 'a', name: 'A', when, reason, why });
});

test('all that is missing is named as a waiting job names it', () => {
  const demanding: Job = {
    job_type: 'resize',
    plugins: ['node'],
    requires: { labels: { os: 'macos' }, minSpeed: 9, platform: 'plan-9', drone: 'b', notDrones: ['a'] },
  };
  expect(verdictsOf(demanding, [aDrone({})])).toMatchObject([
    { which: ['labels.os=macos', 'plugins.node', 'handlers.resize', 'minSpeed=9', 'platform=plan-9', 'drone=b', 'notDrones.a'] },
  ]);
});

test('what is likeliest comes first', () => {
  const drones = [aDrone({ id: 'away', connectedAt: null }), aDrone({ id: 'slow' }), aDrone({ id: 'fast', speed: 200 })];
  expect(verdictsOf({}, drones).map(({ drone }) => drone)).toEqual(['fast', 'slow', 'away']);
});

describe('what would unblock a job', () => {
  const drones = [
    aDrone({ id: 'b', name: 'busy', running: ['a', 'b'] }),
    aDrone({ id: 'p', name: 'paused', state: 'draining' }),
    aDrone({ id: 'o', name: 'off', connectedAt: null, state: 'offline' }),
    aDrone({ id: 'm', name: 'mac', labels: {} }),
    aDrone({ id: 'd', name: 'dropped', platform: 'p', state: 'draining', dropped: true }),
  ];

  test.each<[Waiting, string[]]>([
    [
      { reason: 'all-busy', position: 1 },
      ['wait for a free slot', 'resume paused', 'bring back off', 'restore the platform p', 'start another drone that may run it'],
    ],
    [{ reason: 'paused', platform: 'p', why: 'ill' }, ['restore the platform p']],
    [{ reason: 'paused' }, ['resume paused', 'bring back off', 'restore the platform p', 'start another drone that may run it']],
    [
      { reason: 'unmet-requirements', which: ['labels.os=linux'] },
      [
        'resume paused',
        'bring back off',
        'restore the platform p',
        'start a drone with labels.os=linux',
        'submit it again without labels.os=linux',
      ],
    ],
    [{ reason: 'not-before', at: 5 }, ['wait: it is tried again by itself']],
    [{ reason: 'group-full', group: 'g' }, ['wait for another job of the group g']],
    [{ reason: 'waiting-for-jobs', jobs: ['x', 'y'], count: 2 }, ['wait for x, y']],
  ])('that waits because of %j', (waiting, words) => {
    const unblock = unblockOf(waiting, verdictsOf(job, drones));
    expect(unblock.map((way) => Unblock.parse(way).words)).toEqual(words);
  });

  test('with no drone at all is a drone', () => {
    expect(unblockOf({ reason: 'no-drone' }, [])).toMatchObject([{ action: 'start-drone' }]);
  });
});
