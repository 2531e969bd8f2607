import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { Hive } from '../helpers/startedDrones.js';
import { until } from '../helpers/waiting.js';

const script = fileURLToPath(new URL('../fixtures/drone.mjs', import.meta.url));

/** A drone in a process of its own, which has started. */
async function aDrone(url: string, dataDir: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [script, url, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout!, 'data');
  return child;
}

test('a supervisor that is killed five times while commands print is followed each time, and the output is whole', async () => {
  await using hive = await Hive.start();
  const { queen } = hive;
  const go = hive.path('go');
  let child = await aDrone(queen.url, hive.path('data'));
  const line = 'x'.repeat(200);
  const both = ['a', 'b'].map((id) =>
    queen.assign({
      id,
      phases: {
        test: [`i=0; while [ ! -e ${go} ]; do echo $i ${line}; i=$((i+1)); [ $((i % 50)) != 0 ] || sleep 0.02; done; echo end $i`],
      },
    }),
  );
  try {
    for (let n = 0; n < 5; n++) {
      const before = both.map(({ events }) => events.length);
      await until(() => both.every(({ events }, at) => events.length > before[at]! + 5), 'output of both');
      await sleep(Math.random() * 200);
      child.kill('SIGKILL');
      await once(child, 'exit');
      child = await aDrone(queen.url, hive.path('data'));
      expect(queen.resumed.at(-1)).toHaveLength(2);
    }
    writeFileSync(go, '');
    for (const received of both) {
      await queen.ended(received);
      const lines = received.output().toString().trimEnd().split('\n');
      expect(lines.pop()).toBe(`end ${lines.length}`);
      expect(lines.every((each, at) => each === `${at} ${line}`)).toBe(true);
      expect(received.end?.events).toBe(received.events.length);
    }
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}, 60_000);
