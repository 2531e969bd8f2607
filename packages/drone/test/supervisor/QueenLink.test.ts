import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { LinkListener } from '../../src/supervisor/Link.js';
import { QueenLink } from '../../src/supervisor/QueenLink.js';
import { FakeClock } from '../helpers/FakeTime.js';
import { TestQueen } from '../helpers/TestQueen.js';
import { until } from '../helpers/waiting.js';

let queen: TestQueen;
let clock: FakeClock;
let told: string[];
let link: QueenLink;

beforeEach(async () => {
  queen = await new TestQueen().start();
  clock = new FakeClock();
  told = [];
});
afterEach(async () => {
  link.close();
  await queen.stop();
});

const listener: LinkListener = {
  connected: () => told.push('connected'),
  disconnected: (why) => told.push(`disconnected: ${why}`),
  infoAsked: () => {},
  assigned: () => {},
  cancelled: () => {},
  invalid: () => {},
  refused: ({ code }) => told.push(`refused: ${code}`),
};

function open(url: string): void {
  link = new QueenLink({ url, id: 'd', session: 's', clock });
  link.open(listener);
}

test('a queen that lets nobody in is asked again', async () => {
  let asked = 0;
  queen.behaviour.admit = () => (asked++ === 0 ? 'never' : undefined);
  open(queen.url);
  await until(() => asked === 1, 'the first question');
  clock.pass(15_000);
  await until(() => told.length === 1, 'the end of the connection');
  expect(told).toEqual(['disconnected: forced close']);
  clock.pass(5_000);
  await until(() => told.length === 2, 'the next connection');
  expect(told[1]).toBe('connected');
});

test('a port that says nothing is given up, and tried again', async () => {
  let connections = 0;
  const mute = createServer((socket) => {
    connections += 1;
    socket.on('error', () => {}).resume();
  }).listen(0, '127.0.0.1');
  await once(mute, 'listening');
  try {
    open(`http://127.0.0.1:${(mute.address() as AddressInfo).port}`);
    await until(() => connections === 1, 'the first connection');
    clock.pass(15_000);
    await until(() => told.length === 1, 'the end of the connection');
    clock.pass(5_000);
    await until(() => connections === 2, 'the second connection');
  } finally {
    link.close();
    mute.close();
  }
});

test.each([
  ['one by one', false, []],
  ['together, where the queen takes that', true, [100]],
])('frames of one turn arrive in their order, %s', async (_, many, together) => {
  queen.behaviour.many = many;
  open(queen.url);
  await until(() => told.length === 1, 'the connection');
  // Her greeting is there before her answer to this.
  await new Promise((resolve) => link.resume([], resolve));
  const answers: unknown[] = [];
  const frame = (seq: number) => ({
    id: 'j',
    attempt: 1,
    lease: 1,
    seq,
    events: [[0, 'job:stdout', `${seq}`]] as [number, string, string][],
  });
  for (let seq = 0; seq < 100; seq++) link.frame(frame(seq), (answer) => answers.push(answer));
  await until(() => answers.length === 100, 'the answers');
  expect(answers.at(-1)).toEqual({ cursor: 100 });
  expect(queen.of('j').output().toString()).toBe(Array.from({ length: 100 }, (_, n) => String(n)).join(''));
  expect(queen.together).toEqual(together);
});

test('what is said within one machine is not masked', async () => {
  const said: Buffer[] = [];
  const between = createServer((socket) => {
    const beyond = connect(Number(new URL(queen.url).port), '127.0.0.1');
    for (const end of [socket, beyond]) end.on('error', () => {});
    socket
      .on('data', (data) => said.push(data))
      .pipe(beyond)
      .pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(between, 'listening');
  open(`http://127.0.0.1:${(between.address() as AddressInfo).port}`);
  await until(() => told.length === 1, 'the connection');
  link.info({ speed: 1, capacity: 1, name: 'as it is' });
  await until(() => queen.infos.length === 1, 'the word');
  expect(queen.infos[0]).toMatchObject({ name: 'as it is' });
  expect(Buffer.concat(said).includes('as it is')).toBe(true);
  link.close();
  between.close();
});
