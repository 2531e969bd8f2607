import { expect, test } from '@jest/globals';
import type { JobSummary } from '@skep/protocol';
import type { EventRun, StoredEvent } from '@skep/store';
import { Hub } from '../../src/gateway/Hub.js';
import { Watch } from '../../src/gateway/Watch.js';

const summary = (status: JobSummary['status'], cursor: number): JobSummary => ({
  id: 'j',
  status,
  waiting: null,
  attempt: 1,
  phase: null,
  queued: 0,
  started: null,
  finished: 1,
  cursor,
  title: 'make',
  job_type: 'TEST',
  priority: 0,
  exitCode: null,
});

const event = (seq: number): StoredEvent => ({
  seq,
  at: 0,
  name: 'job:started',
  args: [seq],
  output: null,
  firstByte: 0,
  firstLine: 0,
  lines: 0,
});

test('what becomes durable while the store is read for it is sent, and then the end', async () => {
  const hub = new Hub();
  const run: EventRun = { attempt: 1, cursor: 0, events: [event(0)] };
  let durable = false;
  const said: unknown[][] = [];
  const ended = new Promise<void>((resolve) => {
    const watch = new Watch({
      socket: { emit: () => true },
      outlet: { isFull: false, free: async () => {}, emit: (_bytes, ...words) => said.push(words) },
      jobId: 'j',
      cursor: 0,
      frames: false,
      store: {
        async events() {
          const found = durable ? run : { ...run, events: [] };
          // The commit, and the word of it, come between the look and its answer.
          durable = true;
          hub.tell('j', { run });
          hub.tell('j', { summary: summary('done', 1) });
          return found;
        },
      },
      recent: { from: () => undefined },
      hub,
      onEnd: () => resolve(),
    });
    watch.begin(summary('running', 1));
  });
  await ended;
  expect(said.map(([name]) => name)).toEqual(['job:started', 'job:done', 'job:summary']);
});
