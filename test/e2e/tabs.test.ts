import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { connect, isOutput } from '@skep/client';
import { startDrone } from '../helpers/startDrone.js';
import { TestQueen } from '../helpers/startQueen.js';

const TABS = 200;
const LINES = 10_000;
/** In 20 pieces with short waits between them, so that tabs are opened at every stage of it. */
const busy = `for i in $(seq 0 19); do seq $((i * ${LINES / 20} + 1)) $(((i + 1) * ${LINES / 20})); sleep 0.05; done`;

/** What a tab does that shows a job: a connection of its own, and the attempt from its first event on, in frames. @returns the SHA-256 of all the output */
async function watchInTab(url: string, id: string): Promise<string> {
  const client = connect({ url });
  const hash = createHash('sha256');
  try {
    for await (const item of client.follow(id, { cursor: 0 })) if (item.type === 'event' && isOutput(item)) hash.update(item.args[1]);
    return hash.digest('hex');
  } finally {
    client.close();
  }
}

test(`each of ${TABS} tabs that watch one busy job has all of its output`, async () => {
  await using skep = await TestQueen.start();
  await using _drone = await startDrone(skep.url);
  const id = await skep.submit({ phases: { test: [busy] } });
  const sums = await Promise.all(
    Array.from({ length: TABS }, async (_, index) => {
      await new Promise((resolve) => setTimeout(resolve, index * 5));
      return watchInTab(skep.url, id);
    }),
  );
  const stored = createHash('sha256').update(await (await fetch(`${skep.url}/api/jobs/${id}/output`)).text());
  const { output } = await skep.info(id);
  expect(output).toMatchObject({ state: 'complete', lines: LINES, sha256: stored.digest('hex') });
  expect(sums.filter((sum) => sum !== output.sha256)).toEqual([]);
}, 60_000);
