import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DroneSummary, DronesAnswer, ErrorAnswer, LinkAnswer, TokenAnswer } from '@skep/protocol';
import { type AskOptions, ask, startQueen, submit, type TestQueen, until } from '../helpers/startQueen.js';

const codeOf = (json: unknown): string => ErrorAnswer.parse(json).error.code;

describe('a queen on loopback', () => {
  let queen: TestQueen;
  beforeAll(async () => {
    queen = await startQueen({ limits: { maxPayload: 5 * 1024 * 1024 } });
  });
  afterAll(async () => {
    await queen[Symbol.asyncDispose]();
  });

  test('a submitted job is durable, has an address, and is not made twice under one id', async () => {
    const answer = await ask(`${queen.url}/api/jobs`, { method: 'POST', body: { id: 'mine' } });
    expect([answer.status, answer.json, answer.headers.location]).toEqual([201, { id: 'mine' }, '/api/jobs/mine']);
    expect(await submit(queen.url, { id: 'mine', project: 'other' })).toBe('mine');
    expect((await ask(`${queen.url}/api/jobs/mine`)).json).toMatchObject({ id: 'mine', data: { id: 'mine' } });
  });

  test("a job in Strider's form is a job", async () => {
    const id = await submit(queen.url, { job_id: 'strider-1', job_type: 'TEST_ONLY', repo_config: { url: 'https://example.org/r.git' } });
    expect(id).toBe('strider-1');
  });

  test('a job is cancelled, then done, then retried as another', async () => {
    const id = await submit(queen.url);
    const early = await ask(`${queen.url}/api/jobs/${id}/retry`, { method: 'POST' });
    expect([early.status, codeOf(early.json)]).toEqual([409, 'JOB_NOT_DONE']);
    const cancelled = await ask(`${queen.url}/api/jobs/${id}/cancel`, { method: 'POST', body: { reason: 'enough' } });
    expect([cancelled.status, cancelled.json]).toEqual([202, { status: 'done' }]);
    const retried = await ask(`${queen.url}/api/jobs/${id}/retry`, { method: 'POST' });
    expect(retried.status).toBe(201);
    const { id: other } = retried.json as { id: string };
    expect(retried.headers.location).toBe(`/api/jobs/${other}`);
    expect((await ask(`${queen.url}/api/jobs/${other}`)).json).toMatchObject({ id: other, data: { retryOf: id } });
  });

  test('a drone is drained and resumed, by its id', async () => {
    await queen.drone('workhorse');
    const list = async (): Promise<DroneSummary[]> => DronesAnswer.parse((await ask(`${queen.url}/api/drones`)).json).drones;
    await until(list, (drones) => drones.some(({ id }) => id === 'workhorse'));
    const path = `${queen.url}/api/drones/workhorse`;
    const drained = await ask(`${path}/drain`, { method: 'POST', body: { reason: 'new disk' } });
    expect([drained.status, DroneSummary.parse(drained.json)]).toMatchObject([200, { state: 'draining', reason: 'new disk' }]);
    const resumed = await ask(`${path}/resume`, { method: 'POST' });
    expect([resumed.status, DroneSummary.parse(resumed.json).state]).toMatchObject([200, expect.not.stringMatching('draining')]);
  });

  const post = (body: unknown): AskOptions => ({ method: 'POST', body });
  test.each<[string, AskOptions, number, string]>([
    ['/api/nothing', {}, 404, 'ROUTE_NOT_FOUND'],
    ['/__proto__', {}, 404, 'ROUTE_NOT_FOUND'],
    ['/api/jobs', { method: 'DELETE' }, 405, 'METHOD_NOT_ALLOWED'],
    ['/api/jobs/x/cancel', {}, 405, 'METHOD_NOT_ALLOWED'],
    ['/api/jobs', post('{"id":'), 400, 'INVALID_MESSAGE'],
    ['/api/jobs', post('7'), 400, 'INVALID_MESSAGE'],
    ['/api/jobs', post({ priority: 'high' }), 400, 'INVALID_JOB'],
    ['/api/jobs', post([]), 400, 'INVALID_JOB'],
    ['/api/jobs?limit=0', {}, 400, 'INVALID_MESSAGE'],
    ['/api/jobs?limit=501', {}, 400, 'INVALID_MESSAGE'],
    ['/api/jobs?status=lost', {}, 400, 'INVALID_MESSAGE'],
    ['/api/jobs?before=nonsense', {}, 400, 'INVALID_MESSAGE'],
    ['/api/jobs?status=done&status=queued', {}, 400, 'INVALID_MESSAGE'],
    ['/api/jobs/none', {}, 404, 'JOB_NOT_FOUND'],
    ['/api/jobs/%20', {}, 400, 'INVALID_MESSAGE'],
    ['/api/jobs/%E0%A4%A', {}, 400, 'INVALID_MESSAGE'],
    ['/api/jobs/none/output', {}, 404, 'JOB_NOT_FOUND'],
    ['/api/jobs/none/output?lines=7', {}, 400, 'INVALID_MESSAGE'],
    ['/api/jobs/none/output?follow=perhaps', {}, 400, 'INVALID_MESSAGE'],
    ['/api/jobs/none/cancel', post({}), 404, 'JOB_NOT_FOUND'],
    ['/api/jobs/none/cancel', post({ reason: 7 }), 400, 'INVALID_MESSAGE'],
    ['/api/jobs/none/retry', post({}), 404, 'JOB_NOT_FOUND'],
    ['/api/drones/none/drain', post({}), 404, 'DRONE_NOT_FOUND'],
    ['/api/drones/none/resume', post({}), 404, 'DRONE_NOT_FOUND'],
    ['/api/tokens', post({ name: 'x', scope: 'god' }), 400, 'INVALID_MESSAGE'],
    ['/api/tokens/none', { method: 'DELETE' }, 404, 'TOKEN_NOT_FOUND'],
    ['/', { headers: { host: 'evil.example.org' } }, 421, 'HOST_REFUSED'],
    ['/api/jobs', { ...post({}), headers: { origin: 'https://evil.example.org' } }, 403, 'ORIGIN_REFUSED'],
    ['/api/nothing', { headers: { origin: 'null' } }, 403, 'ORIGIN_REFUSED'],
  ])('%s %j: %d %s', async (path, options, status, code) => {
    const answer = await ask(queen.url + path, options);
    expect([answer.status, codeOf(answer.json)]).toEqual([status, code]);
    expect(answer.text).not.toMatch(/\s{2,}at |file:|node_modules/);
  });

  test('a body larger than maxPayload is refused', async () => {
    const answer = await ask(`${queen.url}/api/jobs`, post({ project: 'x'.repeat(5 * 1024 * 1024) }));
    expect([answer.status, codeOf(answer.json)]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
  });

  test('a wrong method is told the right ones', async () => {
    expect((await ask(`${queen.url}/api/jobs`, { method: 'PUT' })).headers.allow).toBe('POST, GET');
  });

  test('every answer, also an error, forbids what nothing of ours needs', async () => {
    for (const path of ['/', '/jobs', '/api/jobs', '/api/nothing']) {
      const { headers } = await ask(queen.url + path);
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'cache-control': 'no-store' });
      expect(headers['content-security-policy']).toMatch(/^default-src 'self';/);
      expect(headers).not.toHaveProperty('x-powered-by');
    }
  });

  test('it says that it lives and is ready', async () => {
    expect((await ask(`${queen.url}/healthz`)).json).toMatchObject({ status: 'ok' });
    expect((await ask(`${queen.url}/readyz`)).json).toMatchObject({ status: 'ok' });
  });

  test('its figures can be scraped, and no address makes new ones', async () => {
    await ask(`${queen.url}/api/jobs/figures-are-counted-by-route`);
    await ask(`${queen.url}/no-such-address`);
    const { text, headers } = await ask(`${queen.url}/metrics`);
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text).toMatch(/^skep_jobs\{status="queued"\} \d+$/m);
    expect(text).toMatch(/^skep_store_bytes [1-9]\d*$/m);
    expect(text).toMatch(/^skep_http_request_seconds_count\{method="GET",route="\/api\/jobs\/:id",status="404"\} \d+$/m);
    expect(text).not.toMatch(/figures-are-counted-by-route|no-such-address/);
  });
});

test('a queen that needs tokens serves its page and its health without one, and nothing else', async () => {
  await using queen = await startQueen({ host: '0.0.0.0' });
  const url = queen.url.replace('0.0.0.0', '127.0.0.1');
  const open = ['/', '/jobs/x', '/drones', '/settings/tokens', '/healthz', '/readyz', '/api/openapi.json'];
  const closed = ['/api/jobs', '/api/jobs/x', '/api/jobs/x/output', '/api/drones', '/api/tokens', '/api/views', '/api/facets', '/metrics'];
  for (const path of open) expect([path, (await ask(url + path)).status]).toEqual([path, 200]);
  for (const path of closed) expect([path, (await ask(url + path)).status]).toEqual([path, 401]);
  expect((await ask(`${url}/metrics`)).headers['www-authenticate']).toBe('Bearer');
  const as = (token: string | undefined) => ({ headers: { authorization: `Bearer ${token}` } });
  expect(codeOf((await ask(`${url}/api/jobs`, as('skep_wrong'))).json)).toBe('UNAUTHENTICATED');
  // Who may not come in is not even listened to.
  expect((await ask(`${url}/api/jobs`, { method: 'POST', body: '{"broken' })).status).toBe(401);

  const admin = as(queen.adminToken);
  const made = await ask(`${url}/api/tokens`, { ...admin, method: 'POST', body: { name: 'farm', scope: 'drone' } });
  const { token } = TokenAnswer.parse(made.json);
  expect(made.status).toBe(201);
  expect(codeOf((await ask(`${url}/api/tokens`, { ...admin, method: 'POST', body: { name: 'farm', scope: 'drone' } })).json)).toBe(
    'TOKEN_EXISTS',
  );
  expect(codeOf((await ask(`${url}/api/jobs`, as(token))).json)).toBe('FORBIDDEN');
  await ask(`${url}/api/jobs`, { ...admin, method: 'POST', body: { id: 'x' } });
  const linkTo = async (address: string) => {
    const { json } = await ask(`${url}/api/links`, { ...admin, method: 'POST', body: { address } });
    return url + LinkAnswer.parse(json).address;
  };
  expect((await ask(await linkTo('/api/jobs/x/all.zip?attempt=1'))).status).toBe(200);
  expect((await ask(`${url}/api/jobs/x/all.zip?attempt=1`)).status).toBe(401);
  // A link reads files, and nothing else.
  expect((await ask(await linkTo('/api/jobs/x'))).status).toBe(401);
  expect(codeOf((await ask(`${url}/api/links`, { ...admin, method: 'POST', body: { address: '/api/tokens' } })).json)).toBe(
    'INVALID_MESSAGE',
  );
  expect((await ask(`${url}/api/links`, { ...as(token), method: 'POST', body: { address: '/api/jobs/x/all.zip' } })).status).toBe(403);
  const list = await ask(`${url}/api/tokens`, admin);
  expect(list.json).toMatchObject({
    tokens: [
      { name: 'admin', scope: 'admin' },
      { name: 'farm', scope: 'drone' },
    ],
  });
  expect(list.text).not.toContain(token);
  expect((await ask(`${url}/api/tokens/farm`, { ...admin, method: 'DELETE' })).status).toBe(204);
  expect(codeOf((await ask(`${url}/api/jobs`, as(token))).json)).toBe('UNAUTHENTICATED');
});

test('pages of a configured origin may ask and read, others may not', async () => {
  const origin = 'https://ui.example.org';
  await using queen = await startQueen({ origins: [origin] });
  const preflight = await ask(`${queen.url}/api/jobs`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });
  expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([204, origin]);
  expect(preflight.headers['access-control-allow-headers']).toMatch(/Authorization/);
  const answer = await ask(`${queen.url}/api/jobs`, { headers: { origin } });
  expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, origin]);
  const other = await ask(`${queen.url}/api/jobs`, { method: 'OPTIONS', headers: { origin: 'https://evil.example.org' } });
  expect([other.status, other.headers['access-control-allow-origin']]).toEqual([403, undefined]);
});
