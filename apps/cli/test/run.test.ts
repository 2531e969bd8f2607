import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Fleet, serverOf, startFleet } from './helpers/startFleet.js';

describe('skep run', () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await startFleet({ capacities: [2] });
  });
  afterAll(async () => {
    await fleet?.[Symbol.asyncDispose]();
  });

  test('passes both outputs and the exit code through, byte for byte', async () => {
    const script = "printf 'a\\377b'; printf 'no end' >&2; exit 7";
    const { stdout, stderr, exitCode } = await fleet.skep(['run', '--no-repo', '-q', '--', script], { encoding: 'buffer' });
    expect(exitCode).toBe(7);
    expect(Buffer.from(stdout as unknown as Uint8Array)).toEqual(Buffer.from([0x61, 0xff, 0x62]));
    expect(Buffer.from(stderr as unknown as Uint8Array).toString()).toBe('no end');
  });

  test('says on stderr which job it is, and how it ended', async () => {
    const { stdout, stderr, exitCode } = await fleet.skep(['run', '--', 'echo', 'hello']);
    expect(exitCode).toBe(0);
    expect(stdout).toBe('hello\n');
    expect(stderr).toMatch(/^skep: job \S+ {2}http:\/\/127\.0\.0\.1:\d+\/jobs\/\S+$/m);
    expect(stderr).toMatch(/^skep: passed after /m);
  });

  test.each<[string, string[], number]>([
    ['a signal', ['kill -TERM $$'], 143],
    ['a missing program', ['no-such-program', 'x'], 127],
    ['a time limit', ['sleep 60'], 124],
  ])('%s has its code', async (_, words, code) => {
    const flags = code === 124 ? ['--timeout', '1'] : [];
    expect(await fleet.skep(['run', '--no-repo', ...flags, '--', ...words])).toMatchObject({ exitCode: code });
  });

  test('for programs every event is a line of JSON, and the last says how it ended', async () => {
    const { stdout, exitCode } = await fleet.skep(['run', '--json', '--id', 'mine', '--', 'echo hi; exit 3']);
    const lines = String(stdout)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(exitCode).toBe(3);
    expect(lines[0]).toMatchObject({ type: 'submitted', id: 'mine', url: `${fleet.url}/jobs/mine` });
    expect(lines).toContainEqual(expect.objectContaining({ type: 'output', stream: 'stdout', text: 'hi\n' }));
    expect(lines.at(-1)).toEqual({ type: 'end', exit: 3, reason: 'failed: exit 3', id: 'mine', url: `${fleet.url}/jobs/mine` });
  });

  test('many large pieces of output arrive whole', async () => {
    const script = `process.stdout.write(Array.from({ length: 4000 }, (_, i) => String(i).padStart(2047, '.') + '\\n').join(''))`;
    const { stdout, exitCode } = await fleet.skep(['run', '-q', '--', 'node', '-e', script]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(Array.from({ length: 4000 }, (_, i) => `${String(i).padStart(2047, '.')}\n`).join(''));
  });

  test('while it waits, says why', async () => {
    await using fleet = await startFleet({ capacities: [1] });
    const first = serverOf(fleet.skep(['run', '--id', 'first', '--', 'sleep 60']));
    await first.said(/on d0/);
    const second = serverOf(fleet.skep(['run', '--', 'true']));
    await second.said(/queued: next on drone d0/);
    const third = serverOf(fleet.skep(['run', '--label', 'gpu=a100', '--', 'true']));
    await third.said(/queued: no drone has label gpu=a100/);
    third.process.kill('SIGTERM');
    expect((await third.process).exitCode).toBe(143);
    await fleet.skep(['cancel', 'first']);
    expect((await first.process).exitCode).toBe(130);
    expect((await second.process).exitCode).toBe(0);
  });

  test('Ctrl-C cancels the job and shows what it still says', async () => {
    const run = serverOf(fleet.skep(['run', '--', "trap 'echo stopping; exit 1' TERM; echo up >&2; while :; do sleep 0.1 || :; done"]));
    await run.said(/^up$/m);
    run.process.kill('SIGINT');
    const { exitCode, stdout, stderr } = await run.process;
    expect(exitCode).toBe(130);
    expect(stdout).toBe('stopping\n');
    expect(stderr).toMatch(/cancelling; Ctrl-C again/);
  });

  test.each<[string, NodeJS.Signals, string[], number]>([
    ['SIGTERM leaves the job alone', 'SIGTERM', [], 143],
    ['so does a terminal that goes away', 'SIGHUP', [], 129],
    ['and Ctrl-C where it was asked to', 'SIGINT', ['--on-interrupt', 'detach'], 130],
  ])('%s', async (_, signal, flags, code) => {
    const run = serverOf(fleet.skep(['run', '--id', signal, ...flags, '--', 'echo up >&2; sleep 60']));
    await run.said(/^up$/m);
    run.process.kill(signal);
    expect((await run.process).exitCode).toBe(code);
    expect(JSON.parse(String((await fleet.skep(['show', signal, '--json'])).stdout))).toMatchObject({ status: 'running' });
    await fleet.skep(['cancel', signal]);
  });

  test('a queen that is killed and comes back is no reason to lose a byte', async () => {
    await using fleet = await startFleet({ capacities: [1] });
    const go = join(fleet.folder, 'go');
    const script = `seq 1000; echo up >&2; while [ ! -e ${go} ]; do seq 10; sleep 0.02; done; echo end`;
    const run = serverOf(fleet.skep(['run', '--', script]));
    await run.said(/^up$/m);
    await fleet.replaceQueen();
    await run.said(/connected again/);
    await writeFile(go, '');
    const { stdout, exitCode } = await run.process;
    const lines = String(stdout).trimEnd().split('\n');
    expect(exitCode).toBe(0);
    expect(lines.slice(0, 1000)).toEqual(Array.from({ length: 1000 }, (_, index) => String(index + 1)));
    expect(lines.slice(1000, -1)).toEqual(lines.slice(1000, -1).map((_, index) => String((index % 10) + 1)));
    expect(lines.at(-1)).toBe('end');
  });

  test('failures of its own are 125, never a code that a job may have', async () => {
    expect(await fleet.skep(['run', '--queen', 'http://127.0.0.1:9', '--', 'true'])).toMatchObject({
      exitCode: 125,
      stderr: expect.stringMatching(/error: No queen answers at http:\/\/127\.0\.0\.1:9[\s\S]*why: [\s\S]*try: /),
    });
    expect(await fleet.skep(['run', '--nonsense', '--', 'true'])).toMatchObject({ exitCode: 125 });
  });
});
