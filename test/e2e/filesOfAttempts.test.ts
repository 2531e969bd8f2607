import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect, newJobId, type SkepClient } from '@skep/client';
import type { Job, JobInfo } from '@skep/protocol';
import { Queen } from '@skep/queen';
import { execa } from 'execa';
import { startDrone } from '../helpers/startDrone.js';
import { tempDir } from '../helpers/tempDir.js';
import { until } from '../helpers/until.js';

const skep = `${process.execPath} ${resolve(import.meta.dirname, '../../apps/cli/dist/skep.js')}`;

/** A queen that asks for tokens, and two drones. */
const endings: (() => Promise<void> | void)[] = [];
let url: string;
let token: string;
let client: SkepClient;

beforeAll(async () => {
  const folder = await tempDir();
  endings.unshift(async () => folder[Symbol.asyncDispose]());
  const queen = new Queen({ port: 0, dataDir: folder.path, hosts: ['ci.example.org'] });
  const listening = await queen.listen();
  endings.unshift(() => queen.close());
  ({ url, adminToken: token = '' } = listening);
  client = connect({ url, token });
  endings.unshift(() => client.close());
  const drone = (await client.tokens.add('drones', 'drone')).token;
  for (const name of ['one', 'two']) {
    const started = await startDrone(url, { name, token: drone, labels: { name } });
    endings.unshift(async () => started[Symbol.asyncDispose]());
  }
}, 60_000);
afterAll(async () => {
  for (const end of endings) await end();
});

const on = (name: string): Pick<Job, 'requires'> => ({ requires: { labels: { name } } });

async function build(job: Job): Promise<JobInfo & { told: string }> {
  const { id } = await client.submit({ id: newJobId(), ...job });
  const info = await until(async () => {
    const info = await client.query(id);
    return info.status === 'done' && info;
  }, `job ${id} is done`);
  return { ...info, told: info.cmds.map(({ out, err }) => out + err).join('') };
}

async function contentOf(id: string, path: string): Promise<Buffer> {
  const artifact = (await client.artifacts.list(id)).find((each) => each.path === path);
  const parts: Uint8Array[] = [];
  if (artifact) for await (const bytes of client.artifacts.bytes(artifact)) parts.push(bytes);
  return Buffer.concat(parts);
}

const cli = (folder: string, ...args: string[]) =>
  execa({ shell: true, cwd: folder, reject: false, env: { SKEP_QUEEN: url, SKEP_TOKEN: token } })`${[`${skep} ${args.join(' ')}`]}`;

describe('the files of attempts', () => {
  test('reach the queen with the ticket of their attempt alone, and the job that comes after has them at hand', async () => {
    const first = await build({
      artifacts: ['out'],
      phases: { test: ['mkdir out; printf made > out/it; chmod 755 out/it; head -c 5000000 /dev/zero > out/big'] },
    });
    expect(first).toMatchObject({ outcome: 'passed' });
    expect(await client.artifacts.list(first.id)).toMatchObject([
      { path: 'out/big', size: 5_000_000, sha256: createHash('sha256').update(Buffer.alloc(5_000_000)).digest('hex') },
      { path: 'out/it', mode: 0o755 },
    ]);
    expect((await contentOf(first.id, 'out/it')).toString()).toBe('made');
    const fetching = `curl -sS -H "Authorization: Bearer $SKEP_TICKET" $SKEP_QUEEN/api/jobs`;
    const second = await build({
      after: [first.id],
      phases: { test: [`${skep} artifacts get ${first.id} out/it`, 'cat out/it', `${fetching}/${first.id}/artifacts/out/it`] },
    });
    expect(second.told).toBe('out/it\nmademade');
    const foreign = await build({ phases: { test: [`${fetching}/${first.id}/artifacts; ${fetching}; ${fetching}/none/artifacts`] } });
    expect(foreign.told.match(/"FORBIDDEN"/g)).toHaveLength(3);
  });

  test('are put from within, and a ticket is worth nothing when its attempt is over', async () => {
    await using folder = await tempDir();
    const ticket = join(folder.path, 'ticket');
    const job = await build({
      phases: { test: [`echo report > r; ${skep} artifact put r --as reports/r.txt; printenv SKEP_TICKET > ${ticket}`] },
    });
    expect(job.told).toContain('reports/r.txt is an artifact of this job, 7 bytes');
    expect((await contentOf(job.id, 'reports/r.txt')).toString()).toBe('report\n');
    const kept = readFileSync(ticket, 'utf8').trim();
    const late = await fetch(`${url}/api/jobs/${job.id}/artifacts`, { headers: { authorization: `Bearer ${kept}` } });
    expect(await late.json()).toMatchObject({ error: { code: 'LEASE_ENDED' } });
    const outside = await cli(folder.path, 'artifact', 'put', 'ticket');
    expect(outside.exitCode).toBe(2);
    expect(outside.stderr).toContain('this is no command of a job');
  });

  test('are fetched by the command line: safe, whole, and not twice; skep run brings them along', async () => {
    await using folder = await tempDir();
    const { id } = await build({
      artifacts: ['a', 'sub'],
      phases: { test: ['mkdir sub; printf aa > a; printf bb > sub/b; chmod 700 sub/b'] },
    });
    const to = join(folder.path, 'to');
    expect(await cli(folder.path, 'artifacts', 'get', id, '-o', 'to')).toMatchObject({ exitCode: 0, stdout: 'a\nsub/b' });
    expect(readFileSync(join(to, 'sub/b'), 'utf8')).toBe('bb');
    expect(statSync(join(to, 'sub/b')).mode & 0o777).toBe(0o700);
    expect((await cli(folder.path, 'artifacts', 'get', id, '--json', '-o', 'to')).stdout).toMatch(/"wasThere":true.*\n.*"wasThere":true/);
    mkdirSync(join(folder.path, 'evil'));
    symlinkSync(folder.path, join(folder.path, 'evil/sub'));
    const refused = await cli(folder.path, 'artifacts', 'get', id, 'sub', '-o', 'evil');
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('a link leads out of') });
    expect(existsSync(join(folder.path, 'b'))).toBe(false);
    expect(await cli(folder.path, 'artifacts', 'get', id, "'*.deb'")).toMatchObject({ exitCode: 5 });
    const ran = await cli(folder.path, 'run', '--no-repo', '--artifact', 'made', '--', "'mkdir made; echo x > made/x; exit 3'");
    expect(ran.exitCode).toBe(3);
    expect(readFileSync(join(folder.path, 'made/x'), 'utf8')).toBe('x\n');
  });

  test('that are a cache make the second build of a project warm, on another drone too; no other project sees them', async () => {
    const job: Job = {
      project: 'cached',
      concurrency: false,
      cache: [{ key: "deps-{{ hashFiles 'lock' }}", restore: ['deps-'], paths: ['deps', 'none'] }],
      phases: {
        test: ['cat deps/a 2>/dev/null || echo cold; mkdir -p deps; echo warm > deps/a; ln -sf a deps/link; ln -sf /etc/passwd deps/out'],
      },
    };
    const cold = await build({ ...job, ...on('one') });
    expect(cold.told).toMatch(/^there is none of deps-[0-9a-f]{32}\ncold\nkept deps-[0-9a-f]{32}, \d+ bytes packed\n$/);
    const warm = await build({ ...job, ...on('two') });
    expect(warm.told).toMatch(/^found deps-[0-9a-f]{32}\nwarm\ndeps-[0-9a-f]{32} is kept already\n$/);
    const near = await build({ ...job, ...on('one'), cache: [{ key: 'deps-new', restore: ['deps-'], paths: ['deps'] }] });
    expect(near.told).toMatch(/^found deps-[0-9a-f]{32}\nwarm\nkept deps-new/);
    const other = await build({ ...job, project: 'other' });
    expect(other.told).toContain('cold\n');
    const failed = await build({ ...job, cache: [{ key: 'never', paths: ['.'] }], phases: { test: ['exit 1'] } });
    expect(failed.told).toBe('there is none of never\n');
  });

  test('and all else of two jobs are compared', async () => {
    await using folder = await tempDir();
    const job = (env: string): Job => ({
      artifacts: ['out'],
      env: { WHAT: env },
      phases: { test: [`mkdir out; echo same > out/same; echo $WHAT > out/$WHAT; echo $WHAT > out/both`] },
    });
    const [a, b, again] = [await build(job('a')), await build(job('b')), await build(job('a'))];
    expect(await client.compare(a.id, b.id)).toMatchObject({
      inputs: [{ path: 'env.WHAT', a: 'a', b: 'b' }],
      durations: [
        { what: 'waiting' },
        { what: 'running' },
        { a: expect.any(Number), b: expect.any(Number) },
        { what: 'collect artifacts out' },
      ],
      artifacts: [
        { path: 'out/a', state: 'only-a', b: null },
        { path: 'out/b', state: 'only-b', a: null },
        { path: 'out/both', state: 'differs' },
        { path: 'out/same', state: 'equal' },
      ],
      sameArtifacts: false,
    });
    expect(await client.compare(a.id, again.id)).toMatchObject({ inputs: [], sameArtifacts: true });
    const shown = await cli(folder.path, 'compare', a.id, b.id);
    expect(shown.exitCode).toBe(1);
    expect(shown.stdout).toContain('1 of 4 artifacts are equal');
    expect(await cli(folder.path, 'compare', a.id, again.id)).toMatchObject({ exitCode: 0 });
  });
});
