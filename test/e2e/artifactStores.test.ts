import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect, newJobId, type SkepClient } from '@skep/client';
import type { Job } from '@skep/protocol';
import { Queen, type QueenOptions } from '@skep/queen';
import { execa } from 'execa';
import { Inbox } from '../../packages/artifacts/test/helpers/Inbox.js';
import { BUCKET, S3Server } from '../../packages/artifacts/test/helpers/S3Server.js';
import { startDrone } from '../helpers/startDrone.js';
import { tempDir } from '../helpers/tempDir.js';
import { until } from '../helpers/until.js';

const skep = resolve(import.meta.dirname, '../../apps/cli/dist/skep.js');
const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A queen with this store of artifacts, two drones, and a caller; the queen can be stopped and come back. */
async function startFleet(artifacts: string) {
  const folder = await tempDir();
  const options: QueenOptions = { dataDir: join(folder.path, 'queen'), artifacts };
  let queen = new Queen({ ...options, port: 0 });
  const { url } = await queen.listen();
  const drones = await Promise.all(['one', 'two'].map((name) => startDrone(url, { name, labels: { name } })));
  const client = connect({ url });
  return {
    client,
    url,
    /** @returns the id of a job that is done */
    async build(job: Job): Promise<string> {
      const { id } = await client.submit({ id: newJobId(), ...job });
      await until(async () => (await client.query(id)).status === 'done', `job ${id} is done`);
      return id;
    },
    async restart(meanwhile: () => Promise<void>): Promise<void> {
      await queen.close();
      await meanwhile();
      queen = new Queen({ ...options, port: Number(new URL(url).port) });
      await queen.listen();
    },
    async [Symbol.asyncDispose](): Promise<void> {
      client.close();
      for (const drone of drones) await drone[Symbol.asyncDispose]();
      await queen.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function contentOf(client: SkepClient, id: string, path: string, fromQueen = false): Promise<Buffer> {
  const artifact = (await client.artifacts.list(id)).find((each) => each.path === path);
  const parts: Uint8Array[] = [];
  if (artifact) for await (const bytes of client.artifacts.bytes(artifact, 0, undefined, fromQueen)) parts.push(bytes);
  return Buffer.concat(parts);
}

describe('artifacts in a bucket', () => {
  let s3: S3Server;
  let fleet: Awaited<ReturnType<typeof startFleet>>;
  let id: string;
  const get = (path: string, init: RequestInit = {}) =>
    fetch(`${fleet.url}/api/jobs/${id}/artifacts/${path}`, { redirect: 'manual', ...init });

  beforeAll(async () => {
    s3 = await S3Server.start();
    fleet = await startFleet(s3.address('skep'));
    id = await fleet.build({
      project: 'shop',
      artifacts: ['out'],
      cache: [{ key: 'deps', paths: ['out'] }],
      requires: { labels: { name: 'one' } },
      phases: { test: ['mkdir out; head -c 12000000 /dev/zero > out/big.bin; echo "<script>" > out/page.html'] },
    });
  });
  afterAll(async () => {
    await fleet?.[Symbol.asyncDispose]();
    await s3?.[Symbol.asyncDispose]();
  });

  test('come there from a drone, whole, and nothing else', async () => {
    const artifacts = await fleet.client.artifacts.list(id);
    expect(artifacts).toMatchObject([{ path: 'out/big.bin', sha256: sha256Of(Buffer.alloc(12_000_000)) }, { path: 'out/page.html' }]);
    expect(await s3.uploads()).toEqual([]);
    expect(s3.asked.filter((each) => each.includes('partNumber'))).toHaveLength(2);
  });

  test('are had from the bucket itself by whoever can follow there, and from the queen by all others', async () => {
    const led = await get('out/big.bin');
    expect(led.status).toBe(302);
    expect(led.headers.get('location')).toMatch(new RegExp(`^${s3.endpoint}/${BUCKET}/skep/contents/`));
    const followed = await get('out/big.bin', { redirect: 'follow' });
    expect(sha256Of(Buffer.from(await followed.arrayBuffer()))).toBe(sha256Of(Buffer.alloc(12_000_000)));
    expect(followed.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''big.bin");
    for (const fromQueen of [false, true]) expect(await contentOf(fleet.client, id, 'out/big.bin', fromQueen)).toHaveLength(12_000_000);

    const tag = led.headers.get('etag') ?? '';
    expect((await get('out/big.bin', { headers: { 'if-none-match': tag } })).status).toBe(304);
    const part = await get('out/big.bin', { headers: { range: 'bytes=11999990-', 'if-range': tag } });
    expect([part.status, part.headers.get('content-range'), part.headers.get('etag')]).toEqual([
      206,
      'bytes 11999990-11999999/12000000',
      tag,
    ]);
    expect(await part.arrayBuffer()).toHaveProperty('byteLength', 10);
    expect([
      (await get('out/big.bin', { method: 'HEAD' })).status,
      (await get('out/big.bin?redirect=no', { method: 'HEAD' })).status,
    ]).toEqual([200, 200]);
    const scripted = await get('out/big.bin', { headers: { 'sec-fetch-dest': 'empty' } });
    expect(scripted.status).toBe(200);
    await scripted.body?.cancel();
  });

  test('that a browser shows come from the queen, which has it run nothing of them', async () => {
    const page = await get('out/page.html');
    expect([page.status, await page.text()]).toEqual([200, '<script>\n']);
    expect(page.headers.get('content-security-policy')).toMatch(/^sandbox/);
    expect((await get('out/page.html?download')).status).toBe(302);
  });

  test('are caches too, which another drone has from the bucket', async () => {
    const asked = s3.asked.length;
    const cache = [{ key: 'deps', paths: ['out'] }];
    const warm = await fleet.build({ project: 'shop', cache, requires: { labels: { name: 'two' } }, phases: { test: ['ls out'] } });
    expect((await fleet.client.query(warm)).cmds.map(({ out }) => out).join('')).toContain('big.bin');
    expect(s3.asked.slice(asked).filter((each) => each.startsWith('GET') && each.includes('X-Amz-Signature'))).toHaveLength(1);
  });

  test('wait for a bucket that is away, and a queen that goes meanwhile', async () => {
    s3.fault = ({ method }, response) => {
      if (method !== 'PUT') return undefined;
      response.writeHead(503).end();
      return 'handled';
    };
    const asked = s3.asked.length;
    const late = fleet.build({ artifacts: ['late'], phases: { test: ['head -c 9000000 /dev/urandom > late'] } });
    await until(() => s3.asked.slice(asked).some((each) => each.startsWith('PUT')), 'the queen tries');
    await fleet.restart(async () => {
      s3.fault = undefined;
    });
    id = await late;
    expect(await fleet.client.query(id)).toMatchObject({ outcome: 'passed' });
    const [artifact] = await fleet.client.artifacts.list(id);
    expect(sha256Of(await contentOf(fleet.client, id, 'late'))).toBe(artifact?.sha256);
    expect(await s3.uploads()).toEqual([]);
  });

  test('belong to one queen alone', async () => {
    await using folder = await tempDir();
    const other = new Queen({ dataDir: folder.path, port: 0, artifacts: s3.address('skep') });
    await expect(other.listen()).rejects.toMatchObject({ code: 'INVALID_CONFIG', hint: expect.stringContaining('s3://bucket/skep/owner') });
  });
});

test('a queen with a store of artifacts that is not there says what, why and what to do, and does not start', async () => {
  await using folder = await tempDir();
  const env = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'hush' };
  const address = 's3://builds/skep?endpoint=http://127.0.0.1:1';
  const { exitCode, stderr } = await execa(
    process.execPath,
    [skep, 'queen', '--port', '0', '--data', folder.path, '--artifacts', address],
    {
      reject: false,
      env,
    },
  );
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /^error: The store of artifacts at s3:\/\/builds\/skep \(http:\/\/127\.0\.0\.1:1\) does not answer\nwhy: connect ECONNREFUSED.*\ntry: .*--artifacts.*$/,
  );
});

test('artifacts are given to an address by POST, also one that is away at first; the queen has them on', async () => {
  const gone = await Inbox.start();
  const { port } = gone;
  await gone[Symbol.asyncDispose]();
  await using fleet = await startFleet(`http://me:hush@127.0.0.1:${port}/inbox`);
  const id = await fleet.build({ project: 'shop', artifacts: ['a', 'b'], phases: { test: ['echo one > a; echo two > b'] } });
  await using inbox = await Inbox.start(port);
  await fleet.restart(async () => {});
  await inbox.until(() => inbox.given.length === 2);
  expect(
    inbox.given.map(({ path, headers }) => [path, headers['x-skep-job'], headers['x-skep-project'], headers.authorization]).sort(),
  ).toEqual([
    ['a', id, 'shop', 'Basic bWU6aHVzaA=='],
    ['b', id, 'shop', 'Basic bWU6aHVzaA=='],
  ]);
  expect((await contentOf(fleet.client, id, 'b')).toString()).toBe('two\n');
});
