import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Project, ProjectsAnswer } from '@skep/protocol';
import { badgeOf } from '../../src/http/badge.js';
import { ask, startQueen, submit, type TestQueen, until } from '../helpers/startQueen.js';

const names = ['acme/site', 'böse <&">', 'shop'] as const;
let queen: TestQueen;

/** Runs a job to its end on a drone, which says this code of it. */
async function run(project: string, branch: string | undefined, code: number): Promise<string> {
  const id = await submit(queen.url, { project, env: { CODE: String(code) }, ...(branch !== undefined && { ref: { branch } }) });
  await until(
    async () => (await ask(`${queen.url}/api/jobs/${id}`)).json as { status: string },
    ({ status }) => status === 'done',
  );
  return id;
}

beforeAll(async () => {
  queen = await startQueen();
  const drone = await queen.drone('one');
  drone.on('queue:new', ({ id, env: { CODE } }: { id: string; env: { CODE: string } }) => {
    if (CODE === '-1') return;
    drone.emit('job:started', id, Date.now());
    drone.emit('job:tested', id, Number(CODE), Date.now());
    drone.emit('job:done', id, Date.now());
  });
  await run('shop', 'main', 0);
  await run('shop', 'main', 1);
  await run('shop', 'fix/1', 0);
  await run('shop', undefined, 0);
  await run('acme/site', 'main', 3);
  await submit(queen.url, { project: names[1], env: { CODE: '-1' } });
});

afterAll(async () => {
  await queen[Symbol.asyncDispose]();
});

test('are listed by name, a page at a time, with their newest jobs and what became of them', async () => {
  const first = ProjectsAnswer.parse((await ask(`${queen.url}/api/projects?limit=2`)).json);
  expect(first.projects.map(({ project, recent, counts }) => [project, recent.length, counts])).toEqual([
    ['acme/site', 1, { passed: 0, failed: 1, active: 0 }],
    [names[1], 1, { passed: 0, failed: 0, active: 1 }],
  ]);
  const second = ProjectsAnswer.parse((await ask(`${queen.url}/api/projects?limit=2&after=${encodeURIComponent(first.next ?? '')}`)).json);
  expect(second).toMatchObject({ projects: [{ project: 'shop', counts: { passed: 3, failed: 1, active: 0 } }], next: null });
});

test('one tells the newest job of each branch, the newest that passed, and how long its jobs take', async () => {
  const shop = Project.parse((await ask(`${queen.url}/api/projects/shop`)).json);
  expect(shop.branches.map(({ branch, latest }) => [branch, latest.outcome])).toEqual([
    [null, 'passed'],
    ['fix/1', 'passed'],
    ['main', 'failed'],
  ]);
  expect([shop.usual !== null && shop.usual >= 0, shop.badge, shop.made]).toEqual([true, false, null]);
  expect(Project.parse((await ask(`${queen.url}/api/projects/${encodeURIComponent('acme/site')}`)).json)).toMatchObject({
    project: 'acme/site',
    made: null,
    usual: null,
  });
  expect((await ask(`${queen.url}/api/projects/none`)).json).toMatchObject({ error: { code: 'PROJECT_NOT_FOUND' } });
});

test('their jobs are listed by branch too, which is that of a project', async () => {
  const { json } = await ask(`${queen.url}/api/jobs?project=shop&branch=main`);
  expect((json as { jobs: { outcome: string; branch: string }[] }).jobs.map(({ outcome, branch }) => [outcome, branch])).toEqual([
    ['failed', 'main'],
    ['passed', 'main'],
  ]);
  expect((await ask(`${queen.url}/api/jobs?branch=main`)).json).toMatchObject({ error: { code: 'INVALID_MESSAGE' } });
});

test.each([
  ['shop', '', 'passing'],
  ['shop', 'main', 'failing'],
  ['shop', 'fix/1', 'passing'],
  ['shop', 'none', 'unknown'],
  ['none', '', 'unknown'],
  ['acme/site', '', 'failing'],
  [names[1], '', 'running'],
])('the badge of %s %s says %s', async (project, branch, word) => {
  const address = `${queen.url}/api/projects/${encodeURIComponent(project)}/badge.svg${branch && `?branch=${encodeURIComponent(branch)}`}`;
  const { text, headers } = await ask(address);
  expect(text).toMatch(new RegExp(`<title>[^<]*: ${word}</title>`));
  expect(headers).toMatchObject({ 'content-type': 'image/svg+xml; charset=utf-8', 'cache-control': 'no-cache' });
  expect((await ask(address, { headers: { 'if-none-match': headers.etag ?? '' } })).status).toBe(304);
});

test('a badge is XML whatever a project is called', () => {
  const svg = badgeOf('<b a="&">\u0001\ud800 🐝', 'passing');
  expect(svg).toContain('<title>&lt;b a=&quot;&amp;&quot;&gt;   🐝: passing</title>');
  expect(badgeOf('x'.repeat(500), 'failing')).toContain(`>${'x'.repeat(59)}…</text>`);
});

test('a badge needs a token where all else does, unless badges are public', async () => {
  await using closed = await startQueen({ host: '0.0.0.0' });
  await using open = await startQueen({ host: '0.0.0.0', publicBadges: true });
  const of = (url: string): string => `${url.replace('0.0.0.0', '127.0.0.1')}/api/projects/shop`;
  expect((await ask(`${of(closed.url)}/badge.svg`)).status).toBe(401);
  const badge = await ask(`${of(open.url)}/badge.svg`);
  expect([badge.status, badge.headers['cross-origin-resource-policy']]).toEqual([200, 'cross-origin']);
  expect((await ask(of(open.url))).status).toBe(401);
});
