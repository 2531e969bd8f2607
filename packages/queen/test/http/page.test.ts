import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ask, startQueen } from '../helpers/startQueen.js';

const page = '<!doctype html><title>Skep</title><script type="module" src="./assets/index-1.js"></script>';
let webDir: string;

beforeAll(async () => {
  webDir = await mkdtemp(join(tmpdir(), 'skep-web-'));
  await mkdir(join(webDir, 'assets'));
  await writeFile(join(webDir, 'index.html'), page);
  await writeFile(join(webDir, 'assets/index-1.js'), 'document.title = "there";');
  await writeFile(join(webDir, 'assets/secret.key'), 'not of a page');
});

afterAll(() => rm(webDir, { recursive: true, force: true }));

test.each([
  ['/', './'],
  ['/jobs', './'],
  ['/jobs/', '../'],
  ['/jobs/new', '../'],
  ['/jobs/some-job', '../'],
  ['/jobs/some-job/attempts/2', '../../../'],
  ['/drones', './'],
  ['/drones/d%2F1', '../'],
  ['/settings', './'],
  ['/settings/tokens', '../'],
])('the page is served at %s, with links to its files from there', async (path, up) => {
  await using queen = await startQueen({ webDir });
  const { status, headers, text } = await ask(queen.url + path);
  expect([status, headers['content-type'], text]).toEqual([200, 'text/html; charset=utf-8', page.replace('./', up)]);
  expect(headers['content-security-policy']).toMatch(/^default-src 'self';/);
  expect(headers['cache-control']).toBe('no-store');
});

test('its files are served for ever and compressed, and nothing beside them', async () => {
  await using queen = await startQueen({ webDir });
  const { status, headers } = await ask(`${queen.url}/assets/index-1.js`, { headers: { 'accept-encoding': 'gzip' } });
  expect([status, headers['content-type'], headers['content-encoding']]).toEqual([200, 'text/javascript; charset=utf-8', 'gzip']);
  expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
  for (const path of ['/assets/none.js', '/assets/secret.key', '/assets/..%2findex.html', '/icons/none.svg'])
    expect([path, (await ask(queen.url + path)).status]).toEqual([path, 404]);
});

test('a queen without pages says where its API is described', async () => {
  await using queen = await startQueen();
  expect(await ask(queen.url)).toMatchObject({ status: 200, text: expect.stringContaining('/api/openapi.json') });
});

test('the output of a job is at the address of its page too', async () => {
  await using queen = await startQueen({ webDir });
  const submitted = await ask(`${queen.url}/api/jobs`, { method: 'POST', body: { id: 'j1' } });
  expect(submitted.status).toBe(201);
  expect(await ask(`${queen.url}/jobs/j1/log.txt`)).toMatchObject({ status: 200, text: '' });
  expect(await ask(`${queen.url}/jobs/none/log.txt`)).toMatchObject({ status: 404 });
});
