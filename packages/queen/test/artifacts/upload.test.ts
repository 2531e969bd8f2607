import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import { Queen } from '../../src/Queen.js';
import { until } from '../helpers/startQueen.js';

let dataDir: string;
let queen: Queen;
let url: string;
let drone: Socket;
const given = new Map<string, { attempt: number; lease: number }>();

async function start(limits = {}): Promise<void> {
  queen = new Queen({ dataDir, port: url === undefined ? 0 : Number(new URL(url).port), limits });
  ({ url } = await queen.listen());
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'skep-artifacts-'));
  await start();
  drone = io(`${url}/drone`, { transports: ['websocket'], forceNew: true });
  drone.on('drone:query-info', () => drone.emit('drone:info', { speed: 10, capacity: 50, name: 'one', id: 'one' }));
  drone.on('queue:new', (job: { id: string; attempt: number; lease: number }) => given.set(job.id, job));
  await until(async () => drone.connected, Boolean);
});

afterAll(async () => {
  drone.disconnect();
  await queen.close();
  await rm(dataDir, { recursive: true, force: true });
});

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A job that runs on the drone. */
async function aRunningJob(id: string, more: object = {}): Promise<{ attempt: number; lease: number }> {
  await call('POST', '/api/jobs', { id, concurrency: false, ...more });
  await until(async () => given.get(id), Boolean);
  drone.emit('job:started', id, Date.now());
  const { attempt, lease } = given.get(id) as { attempt: number; lease: number };
  return { attempt, lease };
}

async function end(id: string, code = 0): Promise<void> {
  drone.emit('job:tested', id, code, Date.now());
  drone.emit('job:done', id, Date.now());
  await until(
    async () => (await call('GET', `/api/jobs/${id}`)).body.status,
    (status) => status === 'done',
  );
}

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const isBytes = body instanceof Uint8Array;
  const answer = await fetch(`${url}${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: isBytes ? new Uint8Array(body) : JSON.stringify(body) }),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const isJson = answer.headers.get('content-type')?.startsWith('application/json') && bytes.length > 0;
  return { status: answer.status, headers: answer.headers, bytes, body: isJson ? JSON.parse(bytes.toString()) : undefined };
}

const announce = (id: string, path: string, content: Uint8Array, more: object = {}) =>
  call('POST', `/api/jobs/${id}/artifacts`, { ...given.get(id), path, size: content.length, sha256: sha256Of(content), ...more });
const send = (upload: string, offset: number, bytes: Uint8Array) =>
  call('PATCH', `/api/uploads/${upload}`, bytes, { 'Upload-Offset': String(offset) });

async function put(id: string, path: string, content: Uint8Array, more: object = {}): Promise<void> {
  const { body } = await announce(id, path, content, more);
  if (!body.stored) expect((await send(body.upload, body.offset, content)).body).toMatchObject({ stored: true });
}

const uploadFiles = () => readdir(join(dataDir, 'artifacts', 'uploads'));

test('an artifact is announced, sent in pieces, listed and fetched', async () => {
  await aRunningJob('a');
  const content = randomBytes(300_000);
  const announced = await announce('a', 'dist/app.bin', content, { mode: 0o755 });
  expect(announced).toMatchObject({ status: 201, body: { offset: 0, stored: false } });
  const { upload } = announced.body;
  expect((await send(upload, 0, content.subarray(0, 100_000))).body).toMatchObject({ upload, offset: 100_000, stored: false });
  // Nothing is seen of it before it is whole.
  expect((await call('GET', '/api/jobs/a/artifacts')).body).toEqual({ artifacts: [] });
  expect((await call('HEAD', `/api/uploads/${upload}`)).headers.get('upload-offset')).toBe('100000');
  expect((await announce('a', 'dist/app.bin', content, { mode: 0o755 })).body).toMatchObject({ upload, offset: 100_000 });
  expect((await send(upload, 0, content)).body.error).toMatchObject({ code: 'UPLOAD_OFFSET' });
  expect(await send(upload, 100_000, content.subarray(100_000))).toMatchObject({ status: 200, body: { stored: true, upload: null } });
  const { artifacts } = (await call('GET', '/api/jobs/a/artifacts')).body;
  expect(artifacts).toMatchObject([{ job: 'a', attempt: 1, path: 'dist/app.bin', size: 300_000, mode: 0o755, sha256: sha256Of(content) }]);
  const fetched = await call('GET', '/api/jobs/a/artifacts/dist/app.bin');
  expect(sha256Of(fetched.bytes)).toBe(sha256Of(content));
  const tag = fetched.headers.get('etag') ?? '';
  expect((await call('GET', '/api/jobs/a/artifacts/dist/app.bin', undefined, { 'If-None-Match': tag })).status).toBe(304);
  const part = await call('GET', '/api/jobs/a/artifacts/dist/app.bin', undefined, { Range: 'bytes=5-9' });
  expect([part.status, part.headers.get('content-range'), part.bytes]).toEqual([206, 'bytes 5-9/300000', content.subarray(5, 10)]);
  // Said twice it is the same, and what is there already is not sent again.
  expect(await announce('a', 'dist/app.bin', content, { mode: 0o755 })).toMatchObject({ status: 200, body: { stored: true } });
  expect(await announce('a', 'copy.bin', content)).toMatchObject({ status: 200, body: { stored: true } });
  expect((await call('GET', `/api/artifacts?sha256=${sha256Of(content)}`)).body.artifacts).toHaveLength(2);
  expect(await uploadFiles()).toEqual([]);
});

test('an empty file is stored when it is announced', async () => {
  await aRunningJob('empty');
  expect((await announce('empty', 'nothing', new Uint8Array())).body).toMatchObject({ stored: true });
  expect((await call('GET', '/api/jobs/empty/artifacts/nothing')).bytes).toHaveLength(0);
});

test.each([
  ['../outside'],
  ['a/../../outside'],
  ['/etc/passwd'],
  ['a//b'],
  ['./a'],
  ['a\0b'],
  ['a\\..\\b'],
  ['C:/windows'],
  ['x'.repeat(1025)],
])('the path %j is refused by name', async (path) => {
  const { status, body } = await announce('a', path, randomBytes(3));
  expect(status).toBe(400);
  expect(body.error).toMatchObject({
    code: 'INVALID_MESSAGE',
    issues: expect.arrayContaining([expect.objectContaining({ path: 'path' })]),
  });
});

test('what is not what was announced is refused, and leaves nothing behind', async () => {
  const content = randomBytes(1000);
  const { upload } = (await announce('a', 'wrong', content)).body;
  expect((await send(upload, 0, randomBytes(1000))).body.error).toMatchObject({ code: 'DIGEST_MISMATCH' });
  expect((await send(upload, 0, content)).body.error).toMatchObject({ code: 'UPLOAD_NOT_FOUND' });
  const again = (await announce('a', 'wrong', content)).body.upload;
  expect((await send(again, 0, randomBytes(1001))).body.error).toMatchObject({ code: 'DIGEST_MISMATCH' });
  expect((await call('GET', '/api/jobs/a/artifacts/wrong')).body.error).toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
  expect(await uploadFiles()).toEqual([]);
});

test('a lease that has ended uploads nothing more', async () => {
  await aRunningJob('ends');
  const content = randomBytes(2000);
  const { upload } = (await announce('ends', 'late', content)).body;
  await send(upload, 0, content.subarray(0, 1000));
  await end('ends');
  expect((await announce('ends', 'other', content)).body.error).toMatchObject({ code: 'LEASE_ENDED' });
  expect((await send(upload, 1000, content.subarray(1000))).body.error).toMatchObject({ code: 'LEASE_ENDED' });
  expect(await uploadFiles()).toEqual([]);
});

test('an upload outlives a broken connection and a restart of the queen', async () => {
  await aRunningJob('long');
  const content = randomBytes(3_000_000);
  const { upload } = (await announce('long', 'big', content)).body;
  const cut = request(`${url}/api/uploads/${upload}`, {
    method: 'PATCH',
    headers: { 'Upload-Offset': '0', 'Content-Length': content.length },
  });
  cut.on('error', () => {});
  cut.write(content.subarray(0, 1_000_000));
  await until(
    async () => (await readdir(join(dataDir, 'artifacts', 'uploads'))).length,
    (count) => count > 0,
  );
  await queen.close();
  await start();
  const { offset } = (await call('GET', `/api/uploads/${upload}`)).body;
  expect(offset).toBeLessThanOrEqual(1_000_000);
  // Two at once: the one who comes later is the one that is alive.
  const hanging = request(`${url}/api/uploads/${upload}`, {
    method: 'PATCH',
    headers: { 'Upload-Offset': String(offset), 'Content-Length': content.length },
  });
  const refused = once(hanging, 'error');
  hanging.write(content.subarray(offset, offset + 10_000));
  await until(
    async () => (await call('GET', `/api/uploads/${upload}`)).body.offset,
    () => true,
  );
  hanging.destroy(new Error('left'));
  await refused;
  const now = (await call('GET', `/api/uploads/${upload}`)).body.offset;
  expect((await send(upload, now, content.subarray(now))).body).toMatchObject({ stored: true });
  expect(sha256Of((await call('GET', '/api/jobs/long/artifacts/big')).bytes)).toBe(sha256Of(content));
});

describe('what is fetched', () => {
  const page = Buffer.from('<script>alert(1)</script>');

  beforeAll(async () => {
    await aRunningJob('site', { project: 'shop' });
    await put('site', 'report/index.html', page);
    await put('site', 'bin/tool', randomBytes(70_000), { mode: 0o755 });
    await put('site', 'a b/ü.txt', Buffer.from('text'));
    await end('site');
    await aRunningJob('failed', { project: 'shop' });
    await put('failed', 'report/index.html', Buffer.from('failed'));
    await end('failed', 1);
  });

  test('is safe to open in a browser', async () => {
    const { headers } = await call('GET', '/api/jobs/site/artifacts/report/index.html');
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    // In a frame of the queen's own pages, and of nobody else's.
    expect(headers.get('content-security-policy')).toMatch(/frame-ancestors 'self'$/);
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(headers.get('content-disposition')).toBe("inline; filename*=UTF-8''index.html");
    const tool = await call('GET', '/api/jobs/site/artifacts/bin/tool');
    expect(tool.headers.get('content-disposition')).toMatch(/^attachment/);
    const text = await call('GET', `/api/jobs/site/artifacts/${encodeURI('a b/ü.txt')}?download`);
    expect([text.bytes.toString(), text.headers.get('content-disposition')]).toEqual(['text', "attachment; filename*=UTF-8''%C3%BC.txt"]);
  });

  test('of a project is that of the newest job that passed', async () => {
    const { bytes, headers } = await call('GET', '/api/projects/shop/latest/report/index.html');
    expect([bytes.toString(), headers.get('x-skep-job')]).toEqual([page.toString(), 'site']);
    expect((await call('GET', '/api/projects/shop/latest/none')).body.error).toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
    expect((await call('GET', '/api/projects/shop/latest/a%2f..%2fx')).status).toBe(400);
  });

  test.each([
    ['tar.gz', ['tar', '-tzvf']],
    ['zip', ['python3', '-m', 'zipfile', '-l']],
  ])('can be all of it, as %s', async (extension, [program, ...args]) => {
    const folder = await mkdtemp(join(tmpdir(), 'skep-archive-'));
    try {
      const { bytes } = await call('GET', `/api/jobs/site/all.${extension}`);
      await writeFile(join(folder, 'all'), bytes);
      const listed = execFileSync(program as string, [...args, join(folder, 'all')], { encoding: 'utf8' });
      expect(listed).toMatch(/bin\/tool/);
      expect(listed).toMatch(/report\/index\.html/);
      if (extension === 'tar.gz') expect(listed).toMatch(/-rwxr-xr-x.*70000.*bin\/tool/);
      const some = await call('GET', `/api/jobs/site/all.${extension}?path=bin/&path=${encodeURIComponent('a b/ü.txt')}`);
      await writeFile(join(folder, 'some'), some.bytes);
      const chosen = execFileSync(program as string, [...args, join(folder, 'some')], { encoding: 'utf8' });
      expect(chosen).toMatch(/bin\/tool/);
      expect(chosen).not.toMatch(/report/);
      expect((await call('GET', `/api/jobs/site/all.${extension}?path=report`)).body.error).toMatchObject({
        code: 'ARTIFACT_NOT_FOUND',
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

test('a cache is found by its key, else by its prefixes in their order', async () => {
  const store = async (key: string, content: Buffer, project?: string) => {
    const { body } = await call('POST', '/api/caches', { key, project, size: content.length, sha256: sha256Of(content) });
    if (!body.stored) expect((await send(body.upload, 0, content)).body).toMatchObject({ stored: true });
  };
  await store('npm-1', Buffer.from('one'));
  await store('npm-2', Buffer.from('two'));
  await store('apt/x', Buffer.from('apt'));
  await store('npm-3', Buffer.from('three'), 'shop');
  const found = async (query: string) => {
    const { status, bytes, headers } = await call('GET', `/api/caches/${query}`);
    return status === 200 ? [headers.get('x-skep-cache-key'), bytes.toString()] : status;
  };
  expect(await found('npm-1?prefix=npm-')).toEqual(['npm-1', 'one']);
  expect(await found('npm-9?prefix=npm-')).toEqual(['npm-2', 'two']);
  expect(await found('npm-9?prefix=zzz&prefix=apt&prefix=npm-')).toEqual(['apt%2Fx', 'apt']);
  expect(await found('npm-9?project=shop&prefix=npm')).toEqual(['npm-3', 'three']);
  expect(await found('npm-9')).toBe(404);
  await store('npm-1', Buffer.from('newer'));
  expect(await found('npm-1')).toEqual(['npm-1', 'newer']);
});

test('every limit is named', async () => {
  await queen.close();
  await start({ maxArtifact: 1000, maxArtifacts: 2, maxUploads: 1 });
  await aRunningJob('limits');
  const first = await announce('limits', 'first', randomBytes(1000));
  expect(first.status).toBe(201);
  expect((await announce('limits', 'second', randomBytes(1000))).body.error).toMatchObject({
    code: 'TOO_MANY_UPLOADS',
    message: expect.stringContaining('maxUploads'),
  });
  expect((await announce('limits', 'large', randomBytes(1001))).body.error).toMatchObject({
    code: 'ARTIFACT_TOO_LARGE',
    message: expect.stringContaining('maxArtifact'),
  });
  await announce('limits', 'nothing', new Uint8Array());
  expect((await announce('limits', 'third', randomBytes(10))).body.error).toMatchObject({
    code: 'TOO_MANY_ARTIFACTS',
    message: expect.stringContaining('maxArtifacts'),
  });
});
