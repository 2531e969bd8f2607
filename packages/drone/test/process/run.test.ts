import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { run } from '../../src/process/run.js';

test.each([1, 2, 3, 4, 5])('what a command says when it is told to end is heard (%i)', async (n) => {
  const marker = `SKEP_LEASE=words-${process.pid}-${n}.`;
  const heard: string[] = [];
  const stop = new AbortController();
  const env = { PATH: process.env.PATH ?? '', SKEP_LEASE: `${marker.split('=')[1]}0.` };
  const end = await run(
    {
      file: '/bin/sh',
      args: ['-c', "trap 'echo last words; exit 3' TERM; echo up; while :; do sleep 0.05 || :; done"],
      cwd: '/',
      env,
      marker,
      ownMarker: `${marker}0.`,
    },
    {
      onOutput: (stream, bytes) => {
        if (stream === 'stderr') return;
        heard.push(bytes.toString());
        if (heard.length > 1) return;
        stop.abort();
        // The loop is busy just when the words are said and their speaker goes.
        void sleep(1).then(() => {
          const until = performance.now() + 150;
          while (performance.now() < until);
        });
      },
      signal: stop.signal,
      graceMs: 5000,
    },
  );
  expect(end).toEqual({ kind: 'exited', exitCode: 3 });
  expect(heard.join('')).toBe('up\nlast words\n');
});
