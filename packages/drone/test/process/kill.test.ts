import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { findTree, killTree } from '../../src/process/kill.js';
import { isRunning, until } from '../executor/helpers.js';

let markers = 0;

/** A tree that prints the pids of its processes, one in each line. */
async function aTree(script: string, processes: number): Promise<{ child: ChildProcess; marker: string; pids: number[] }> {
  const value = `test-${process.pid}-${markers++}.`;
  const child = spawn('sh', ['-c', script], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH, SKEP_TEST_TREE: value },
  });
  let text = '';
  child.stdout?.on('data', (bytes: Buffer) => {
    text += bytes;
  });
  const pids = (): number[] => text.split('\n').filter(Boolean).map(Number);
  await until(() => pids().length === processes);
  return { child, marker: `SKEP_TEST_TREE=${value}`, pids: pids() };
}

describe('killTree', () => {
  test.each([
    ['children and grandchildren', `echo $$; sh -c 'echo $$; sleep 60 & wait' & wait`, 2],
    ['a process group of its own', `echo $$; set -m; sh -c 'echo $$; exec sleep 60' & wait`, 2],
    ['a session of its own', `echo $$; setsid sh -c 'echo $$; exec sleep 60' & wait`, 2],
    ['those whose parents are gone', `(setsid sh -c 'echo $$; sleep 60 & echo $!; wait' &); echo $$; sleep 60`, 3],
    [
      'those that ignore SIGTERM',
      `trap '' TERM; echo $$; sh -c 'trap "" TERM; echo $$; while :; do sleep 0.05; done' & while :; do sleep 0.05; done`,
      2,
    ],
    ['one that is stopped', `echo $$; kill -STOP $$; exit`, 1],
  ])('ends %s', async (_, script, processes) => {
    const { child, marker, pids } = await aTree(script, processes);
    const ended = once(child, 'exit');
    expect(await killTree({ leaders: [child.pid as number], marker }, 200)).toEqual([]);
    await ended;
    expect(pids.filter(isRunning)).toEqual([]);
  });

  test('SIGTERM comes once, and leaves the time to end in order', async () => {
    const { child, marker } = await aTree(
      `n=0; trap 'n=$((n+1)); sleep 0.3; exit $((40 + n))' TERM; echo $$; while :; do sleep 0.01; done`,
      1,
    );
    const ended = once(child, 'exit');
    await killTree({ leaders: [child.pid as number], marker }, 5_000);
    expect(await ended).toEqual([41, null]);
  });

  test('what is not of the tree lives on, and this process is never of one', async () => {
    const other = await aTree('echo $$; exec sleep 60', 1);
    const { child, marker } = await aTree('echo $$; exec sleep 60', 1);
    expect(findTree({ leaders: [process.pid] })).not.toContain(process.pid);
    await killTree({ leaders: [child.pid as number], marker }, 1_000);
    expect(other.pids.filter(isRunning)).toEqual(other.pids);
    await killTree({ marker: other.marker }, 1_000);
    expect(other.pids.filter(isRunning)).toEqual([]);
  });
});
