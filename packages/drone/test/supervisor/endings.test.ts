import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Hive } from '../helpers/startedDrones.js';
import type { Received } from '../helpers/TestQueen.js';
import { isAlive, until } from '../helpers/waiting.js';

let hive: Hive;

beforeEach(async () => {
  hive = await Hive.start();
});
afterEach(async () => {
  await hive[Symbol.asyncDispose]();
});

const errorOf = (received: Received): unknown => received.events.find(([, name]) => name === 'job:errored')?.[2];
const spools = (): string[] => readdirSync(hive.path('data/spool'));
const cancel = (id: string, reason = 'enough'): void => void hive.queen.socket!.emit('job:cancel', id, reason);
const lease = (code: string) => () => ({ error: { code, message: 'no' } });

/** Processes that do all they can to stay: they ignore SIGTERM, fork away, have sessions of their own, close their outputs, stand still. */
const stubborn = (say: string): string => {
  const pids = hive.path('pids');
  const stay = `trap "" TERM; echo $$ >> ${pids}; while :; do sleep 0.1; done`;
  return [
    `sh -c '${stay}' &`,
    `( (sh -c 'exec >/dev/null 2>&1 </dev/null; ${stay}' &) & )`,
    `setsid sh -c '${stay}' >/dev/null 2>&1 &`,
    `setsid sh -c 'echo $$ >> ${pids}; kill -STOP $$' &`,
    `trap '' TERM; echo $$ >> ${pids}; while :; do ${say}; sleep 0.05; done`,
  ].join('\n');
};
const pids = (): number[] =>
  existsSync(hive.path('pids')) ? readFileSync(hive.path('pids'), 'utf8').split('\n').filter(Boolean).map(Number) : [];
const left = (): number[] => pids().filter(isAlive);

describe('what ignores every wish to end is gone', () => {
  test.each<[string, string, object, () => void, object | undefined]>([
    ['on cancel', 'echo x', {}, () => cancel('j'), { code: 'cancelled' }],
    ['on a second cancel, too', 'echo x', {}, () => [cancel('j'), cancel('j', 'again')], { code: 'cancelled', message: 'enough' }],
    ['when its time is over', 'echo x', { timeout: { job: 2 } }, () => {}, { code: 'timed-out', message: 'no end after 2 s' }],
    ['when it is silent', ':', { timeout: { silence: 2 } }, () => {}, { code: 'timed-out', message: 'silent for 2 s' }],
    [
      'when its lease has ended',
      'echo x',
      {},
      () => {
        hive.queen.behaviour.onFrame = lease('LEASE_ENDED');
      },
      undefined,
    ],
    [
      'when the queen will never take its frame',
      'echo x',
      {},
      () => {
        hive.queen.behaviour.onFrame = lease('INVALID_MESSAGE');
      },
      undefined,
    ],
    [
      'when the queen wants it no more',
      'echo x',
      {},
      () => {
        hive.queen.behaviour.verdict = ({ id, attempt }) => ({ id, attempt, action: 'stop', reason: 'lost' });
        hive.queen.socket!.conn.close();
      },
      undefined,
    ],
  ])('%s', async (_, say, limits, end, error) => {
    await hive.drone();
    const received = hive.queen.assign({ id: 'j', phases: { test: [stubborn(say)] }, ...limits });
    await until(
      () => pids().length === 5,
      () => `its processes; there are ${pids().length}`,
    );
    end();
    await until(() => spools().length === 0, 'the end of the spool');
    expect(left()).toEqual([]);
    if (error) expect(errorOf(received)).toMatchObject(error);
    else expect(received.end).toBeUndefined();
  });
});

describe('a cancel', () => {
  test('during the checkout ends git', async () => {
    const server = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    try {
      await hive.drone();
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/silent.git`;
      const asked = new Promise((resolve) => server.once('connection', resolve));
      const received = hive.queen.assign({ id: 'j', repo: { url, vcs: 'git' }, ref: { branch: 'main' }, phases: { test: ['true'] } });
      await asked;
      cancel('j');
      await hive.queen.ended(received);
      expect(errorOf(received)).toEqual({ code: 'cancelled', message: 'enough' });
      let open = 1;
      await until(() => {
        server.getConnections((_, count) => {
          open = count;
        });
        return open === 0;
      }, 'the end of git');
    } finally {
      server.close();
    }
  });

  test('while the queen is away is obeyed when it is back', async () => {
    await hive.drone();
    const received = hive.queen.assign({ id: 'j', phases: { test: [stubborn('echo x')] } });
    await until(() => pids().length === 5, 'its processes');
    await hive.queen.stop();
    hive.queen.behaviour.verdict = (held) => {
      cancel('j');
      return { ...held, action: 'continue', cursor: received.events.length };
    };
    await hive.queen.start();
    await hive.queen.ended(received);
    expect(errorOf(received)).toEqual({ code: 'cancelled', message: 'enough' });
    expect(left()).toEqual([]);
  });

  test('while one supervisor hands over to the next is obeyed by the next', async () => {
    const first = await hive.drone();
    const received = hive.queen.assign({ id: 'j', phases: { test: [stubborn('echo x')] } });
    await until(() => pids().length === 5, 'its processes');
    await first.leave();
    hive.queen.behaviour.verdict = (held) => {
      cancel('j');
      return { ...held, action: 'continue', cursor: received.events.length };
    };
    await hive.drone();
    await hive.queen.ended(received);
    expect(errorOf(received)).toEqual({ code: 'cancelled', message: 'enough' });
    expect(left()).toEqual([]);
  });

  test('right after the job was given, and before an executor has it', async () => {
    await hive.drone({ capacity: 1 });
    for (let n = 0; n < 5; n++) {
      const received = hive.queen.assign({ id: `j${n}`, phases: { test: ['sleep 60'] } });
      cancel(`j${n}`);
      await hive.queen.ended(received);
      expect(errorOf(received)).toEqual({ code: 'cancelled', message: 'enough' });
    }
  });

  test('of all that run and wait starts none of those that wait', async () => {
    await hive.drone({ capacity: 1 });
    const runs = hive.queen.assign({ id: 'runs', phases: { test: [`echo > ${hive.path('runs')}; exec sleep 60`] } });
    await until(() => existsSync(hive.path('runs')), 'the first');
    const waiting = Array.from({ length: 20 }, (_, n) =>
      hive.queen.assign({ id: `w${n}`, phases: { test: [`echo > ${hive.path('started')}`] } }),
    );
    cancel('runs');
    for (const n of waiting.keys()) cancel(`w${n}`);
    for (const received of [runs, ...waiting]) {
      await hive.queen.ended(received);
      expect(errorOf(received)).toEqual({ code: 'cancelled', message: 'enough' });
      expect(received.names().filter((name) => name === 'job:done')).toHaveLength(1);
    }
    expect(existsSync(hive.path('started'))).toBe(false);
    expect(spools()).toEqual([]);
  });

  test('of an attempt whose executor has just died changes nothing in how its spool ends', async () => {
    await hive.drone();
    const received = hive.queen.assign({ id: 'j', phases: { test: [`echo $PPID > ${hive.path('executor')}; ${stubborn('echo x')}`] } });
    await until(() => pids().length === 5, 'its processes');
    process.kill(Number(readFileSync(hive.path('executor'), 'utf8')), 'SIGKILL');
    cancel('j');
    await hive.queen.ended(received);
    expect(received.names().filter((name) => name === 'job:done')).toHaveLength(1);
    expect(received.end?.events).toBe(received.events.length);
    expect(left()).toEqual([]);
  });
});
