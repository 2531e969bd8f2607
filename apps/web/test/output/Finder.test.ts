import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect, type SkepClient } from '@skep/client';
import type { OutputErrors } from '@skep/protocol';
import { type Fleet, startFleet } from '../../../cli/test/helpers/startFleet.js';
import { Finder } from '../../src/output/Finder.js';
import { OutputModel } from '../../src/output/OutputModel.js';
import { done, outputOf, submit } from '../helpers/fleetJobs.js';
import { until } from '../helpers/until.js';

let fleet: Fleet;
let client: SkepClient;
let id: string;
let written: string;

beforeAll(async () => {
  fleet = await startFleet({ capacities: [1] });
  client = connect({ url: fleet.url });
  id = await submit(fleet.url, { phases: { test: ['seq 1 5000', 'seq 1 5000'] } });
  await done(fleet.url, id);
  written = await outputOf(fleet.url, id);
}, 60_000);

afterAll(async () => {
  client?.close();
  await fleet?.[Symbol.asyncDispose]();
});

/** A finder of output of which so many bytes have come. */
function finderOf(bytes: number, ask: SkepClient['search']) {
  const model = new OutputModel();
  const add = (text: string): void => model.append({ bytes: new TextEncoder().encode(text), command: 0, stream: 'stdout', at: 0 });
  add(written.slice(0, bytes));
  let isWhole = false;
  const finder = new Finder({ model, ask: (query) => ask.call(client, id, query), isWhole: () => isWhole, onChange: () => {} });
  const end = (): void => {
    add(written.slice(bytes));
    isWhole = true;
    finder.goOn();
  };
  return { finder, end };
}

const query = { text: '^12\\d\\d$', isRegex: true, isCaseSensitive: false };
const expected = Array.from({ length: 100 }, (_, index) => 1199 + index);
const all = [...expected, ...expected.map((line) => line + 5000)];
const linesOf = ({ search }: Finder): number[] => Array.from({ length: search?.count ?? 0 }, (_, hit) => search?.lineOf(hit) ?? -1);

test('what is too large to be searched here is searched by the queen, before it has come', async () => {
  const { finder, end } = finderOf(3000, client.search);
  finder.expectedBytes = 65_000_000;
  finder.look(query);
  await until(async () => !finder.isSearching);
  expect(linesOf(finder)).toEqual(all);
  end();
  await until(async () => finder.errors.next === 10_000);
  expect(linesOf(finder)).toEqual(all);
  finder.close();
});

test('where the queen cannot be asked, it is searched as it comes', async () => {
  const { finder, end } = finderOf(3000, () => client.search('no-such-job', { q: 'x' }));
  finder.expectedBytes = 65_000_000;
  finder.look(query);
  end();
  await until(async () => finder.errors.next === 10_000 && !finder.isSearching);
  expect(linesOf(finder)).toEqual(all);
  finder.close();
});

describe('errors that the queen knows of', () => {
  const known = (lines: number[], all = lines.length): OutputErrors => ({
    lines: all,
    commands: {},
    marks: lines.map((line) => ({ line, matcher: 'message' })),
  });
  const errorsOf = ({ errors }: Finder): number[] => Array.from({ length: errors.count }, (_, hit) => errors.lineOf(hit));

  test('are taken over, and nothing is searched here', async () => {
    const { finder, end } = finderOf(3000, client.search);
    expect(await finder.takeErrors(Promise.resolve(known([7, 9000])), 10_000)).toBeDefined();
    end();
    expect([errorsOf(finder), finder.errors.next]).toEqual([[6, 8999], 10_000]);
    finder.close();
  });

  test('are found here behind those that it lists, and all of them where it does not answer', async () => {
    for (const [asked, next] of [
      [Promise.resolve(known([7], 2)), 7],
      [Promise.reject(new Error('no')), 0],
    ] as const) {
      const { finder, end } = finderOf(3000, client.search);
      await finder.takeErrors(asked, 10_000);
      expect(finder.errors.next).toBe(next);
      end();
      await until(async () => finder.errors.next === 10_000);
      finder.close();
    }
  });
});
