import { expect, test } from '@jest/globals';
import { connect } from '@skep/client';
import type { CommandInfo, JobInfo } from '@skep/protocol';
import { Peer } from '../helpers/Peer.js';
import { startDrone } from '../helpers/startDrone.js';
import { TestQueen } from '../helpers/startQueen.js';

const LINES = 100_000;
const READERS = 200;
/** What `seq` prints. */
const expected = Array.from({ length: LINES }, (_, i) => `${i + 1}\n`).join('');
// In 20 pieces with short waits between them, so that readers come at every stage of it.
const count = `for i in $(seq 0 19); do seq $((i * ${LINES / 20} + 1)) $(((i + 1) * ${LINES / 20})); sleep 0.1; done`;

/** Asks for all so far and goes on by events from there: the whole output as this reader saw it. */
async function readByInfo(peer: Peer, id: string): Promise<string> {
  const texts: string[] = [];
  const over = new Promise<void>((resolve) => {
    peer.socket.on('job:cmd:stdout', (_id: string, _num: number, text: string) => texts.push(text));
    peer.socket.on('job:done', () => resolve());
  });
  const info = await peer.ask<JobInfo>('job:query-info', id);
  const command: CommandInfo | undefined = info.cmds[0];
  await peer.ask('job:watch', id, info.cursor);
  await over;
  return (command?.out ?? '') + texts.join('');
}

/** The whole output as a follower of the client saw it. */
async function readByFollowing(url: string, id: string): Promise<string> {
  const client = connect({ url });
  const chunks: Uint8Array[] = [];
  for await (const item of client.follow(id)) {
    if (item.type === 'event' && item.name === 'job:cmd:stdout') chunks.push(item.args[1] as Uint8Array);
  }
  client.close();
  return Buffer.concat(chunks).toString();
}

test(`${READERS} readers that come at random moments each get every line once, in order`, async () => {
  await using skep = await TestQueen.start();
  await using _drone = await startDrone(skep.url);
  const id = await skep.submit({ phases: { test: [count] } });
  const readers = Array.from({ length: READERS }, async (_, i) => {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 3000));
    if (i % 2 === 0) return readByFollowing(skep.url, id);
    await using peer = await Peer.connect(skep.url);
    return await readByInfo(peer, id);
  });
  const seen = await Promise.all(readers);
  expect(seen.filter((text) => text !== expected)).toHaveLength(0);
  const text = await (await fetch(`${skep.url}/api/jobs/${id}/output`)).text();
  expect(text === expected).toBe(true);
}, 120_000);
