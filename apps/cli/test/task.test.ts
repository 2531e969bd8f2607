import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { connect } from '@skep/client';
import { startFleet } from './helpers/startFleet.js';

const source = `import { defineHandler } from '@skep/drone/handler';
import * as z from 'zod';
const input = z.object({ width: z.number().positive(), height: z.number().default(2) });
export const area = defineHandler({ name: 'area', input, output: z.object({ area: z.number() }), run: ({ progress, log }, { width, height }) => {
  log('measuring\\n');
  progress(0.5);
  if (width === 13) throw new Error('no luck');
  return { area: width * height };
} });
export const long = defineHandler({ name: 'long', run: ({ signal, progress }) => new Promise((_, reject) => {
  signal.addEventListener('abort', () => reject(signal.reason));
  progress('listening');
}) });
`;
function aFolder(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'skep-cli-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
const inModules = (path: string): string => fileURLToPath(new URL(`../../../packages/drone/${path}`, import.meta.url));

describe('a fleet with handlers', () => {
  test('performs tasks for the command line and for the client', async () => {
    using modules = aFolder();
    mkdirSync(join(modules.path, 'node_modules/@skep'), { recursive: true });
    symlinkSync(inModules(''), join(modules.path, 'node_modules/@skep/drone'));
    symlinkSync(inModules('node_modules/zod'), join(modules.path, 'node_modules/zod'));
    writeFileSync(join(modules.path, 'handlers.ts'), source);
    writeFileSync(join(modules.path, 'input.json'), '{"width": 5}');
    await using fleet = await startFleet({ capacities: [1], droneFlags: ['--handlers', join(modules.path, 'handlers.ts')] });

    const done = await fleet.skep(['task', 'area', '--data', '{"width": 3}']);
    expect([done.exitCode, done.stdout]).toEqual([0, '{"area":6}\n']);
    expect(done.stderr).toMatch(/^measuring$/m);
    expect(done.stderr).toMatch(/^skep: progress 0.5$/m);
    expect(await fleet.skep(['task', 'area', '--data', `@${join(modules.path, 'input.json')}`])).toMatchObject({ stdout: '{"area":10}\n' });
    expect(await fleet.skep(['task', 'area', '--data', '-'], { stdin: 'pipe', input: '{"width": 1}' })).toMatchObject({
      stdout: '{"area":2}\n',
    });

    const lines = String((await fleet.skep(['task', 'ping', '--json', '--id', 'mine'])).stdout)
      .trimEnd()
      .split('\n');
    const url = `${fleet.url}/jobs/mine`;
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ type: 'end', exit: 0, reason: 'passed', id: 'mine', url, result: 'pong' });
    expect(await fleet.skep(['task', 'ping', '--detach', '--id', 'mine'])).toMatchObject({ exitCode: 0, stdout: 'mine\n' });

    const refused = await fleet.skep(['task', 'area', '--data', '{"width": "wide"}']);
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused.stderr).toMatch(/^error: The input of area is not valid: data.width: .*expected number/m);
    const failed = await fleet.skep(['task', 'area', '--data', '{"width": 13}']);
    expect(failed).toMatchObject({ exitCode: 1, stdout: '' });
    expect(failed.stderr).toMatch(/^skep: handler-failed: no luck$/m);
    expect(await fleet.skep(['task', 'long', '--timeout', '1'])).toMatchObject({ exitCode: 124, stdout: '' });
    const unread = await fleet.skep(['task', 'area', '--data', '{width: 3}']);
    expect(unread).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/^error: --data is not JSON$/m) });

    const client = connect({ url: fleet.url });
    const heard: unknown[] = [];
    const area = await client.task<{ area: number }>('area', { width: 4 }, { progress: (value) => heard.push(value) });
    expect([area, heard]).toEqual([{ area: 8 }, [0.5]]);
    await expect(client.task('area', { width: -1 })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      issues: [{ path: 'data.width', message: 'Too small: expected number to be >0' }],
    });
    // Beyond what the queen checks: without any input, only the drone knows.
    await expect(client.task('area')).rejects.toMatchObject({ name: 'TaskFailed', outcome: 'errored', code: 'bad-input' });
    const late = new AbortController();
    const long = client.task('long', 1, { signal: late.signal, job: { id: 'long' }, progress: () => late.abort() });
    await expect(long).rejects.toMatchObject({ jobId: 'long', outcome: 'cancelled', code: 'cancelled' });
    client.close();
  }, 60_000);
});
