import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect, type SkepClient } from '@skep/client';
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
