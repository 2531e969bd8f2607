import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Fleet, startFleet } from '../../../cli/test/helpers/startFleet.js';
import { flaws, violations, visit } from '../helpers/axe.js';
import { done, jobOf, running, submit } from '../helpers/fleetJobs.js';
import { describeInBrowser, startBrowser, type TestBrowser } from '../helpers/startBrowser.js';
import { until } from '../helpers/until.js';

/** Presses Tab until what has the focus is called so. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    const focused = await page.evaluate<string>('document.activeElement.labels?.[0]?.textContent ?? document.activeElement.textContent');
    if (focused.startsWith(name)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`80 presses of Tab do not lead to ${name}`);
}

describeInBrowser('the pages', () => {
  let fleet: Fleet;
  let browser: TestBrowser;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    [fleet, browser] = await Promise.all([startFleet({ capacities: [1, 1] }), startBrowser()]);
    ids.failed = await submit(fleet.url, { project: 'store', phases: { test: ['echo fine', "echo 'a.c:1: error: no'; exit 2"] } });
    ids.passed = await submit(fleet.url, { project: 'web', phases: { test: ['seq 1 100'] } });
    ids.task = await submit(fleet.url, { job_type: 'ping', data: { hello: 'bees' } });
    await Promise.all([done(fleet.url, ids.failed), done(fleet.url, ids.passed), done(fleet.url, ids.task)]);
    ids.parent = await submit(fleet.url, { id: 'fan-out', matrix: { gpu: ['a100', 'h100'] }, phases: { test: ['train'] } });
    await fetch(`${fleet.url}/api/jobs/fan-out~a100/cancel`, { method: 'POST', body: '{"reason":"no need"}' });
    await fetch(`${fleet.url}/api/jobs/fan-out/cancel`, { method: 'POST' });
    ids.running = await submit(fleet.url, { phases: { test: ['while :; do date; sleep 0.2; done'] } });
    await running(fleet.url, ids.running);
    ids.second = await submit(fleet.url, { phases: { test: ['sleep 600'] } });
    await running(fleet.url, ids.second);
    ids.queued = await submit(fleet.url, { phases: { test: ['make'] } });
    ids.blocked = await submit(fleet.url, { requires: { labels: { gpu: 'a100' } }, phases: { test: ['train'] } });
  }, 60_000);

  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await fleet?.[Symbol.asyncDispose]();
  });

  const addresses = (): [string, string][] => [
    ['overview', '/'],
    ['jobs', '/jobs'],
    ['no job', '/jobs?project=none'],
    ['failed', `/jobs/${ids.failed}`],
    ['task', `/jobs/${ids.task}`],
    ['parent', `/jobs/${ids.parent}`],
    ['cell', `/jobs/${ids.parent}~a100`],
    ['running', `/jobs/${ids.running}`],
    ['queued', `/jobs/${ids.queued}`],
    ['blocked', `/jobs/${ids.blocked}`],
    ['no such job', '/jobs/none'],
    ['new job', '/jobs/new'],
    ['with edits', `/jobs/new?from=${ids.passed}`],
    ['drones', '/drones'],
    ['table of drones', '/drones?table=1'],
    ['drone', '/drones/d0'],
    ['no such drone', '/drones/none'],
    ['tokens', '/settings/tokens'],
    ['retention', '/settings/retention'],
    ['system', '/settings/system'],
    ['this browser', '/settings/browser'],
  ];

  test('have nothing that axe finds wrong in both themes, and fit wide and narrow windows', async () => {
    const page = await browser.open(fleet.url);
    for (const [name, path] of addresses()) {
      await visit(page, path);
      await page.locator('main :is(h1, .failed)').first().waitFor();
      // What is left of the page has come.
      await until(async () => (await page.locator('.skeleton').count()) === 0);
      expect(await flaws(page, name)).toEqual([]);
    }
    await page.context().close();
  }, 90_000);

  test('a parent shows its cells, and a cell of which job it is one', async () => {
    const page = await browser.open(`${fleet.url}/jobs/${ids.parent}`);
    const cells = page.getByRole('table', { name: 'Cells' });
    await cells
      .getByRole('row', { name: /^gpu a100/ })
      .getByRole('link')
      .click();
    await page.getByRole('heading', { name: 'train (gpu a100)' }).waitFor();
    await page.getByText('no need').waitFor();
    await page.getByRole('link', { name: 'fan-out', exact: true }).click();
    await cells.getByRole('row', { name: /^gpu h100 cancelled/ }).waitFor();
    expect(await page.getByText('No output yet').count()).toBe(0);
    await page.context().close();
  }, 30_000);

  test('a job is submitted, followed, cancelled and retried by keyboard alone', async () => {
    const page = await browser.open(fleet.url);
    await page.getByRole('heading', { name: 'Newest jobs' }).waitFor();
    await fetch(`${fleet.url}/api/jobs/${ids.second}/cancel`, { method: 'POST' });
    await fetch(`${fleet.url}/api/jobs/${ids.queued}/cancel`, { method: 'POST' });
    await page.keyboard.press('c');
    await page.getByLabel(/^Commands/).waitFor();
    await tabTo(page, 'Commands');
    await page.keyboard.type('while :; do echo still here; sleep 0.1; done');
    await tabTo(page, 'Submit');
    await page.keyboard.press('Enter');
    await page.locator('.row .text', { hasText: 'still here' }).first().waitFor();
    const first = page.url();
    await page.keyboard.press('Delete');
    await page.getByRole('dialog').waitFor();
    await tabTo(page, 'Cancel the job');
    await page.keyboard.press('Enter');
    await page.getByText(/^Cancelled/).waitFor();
    await page.keyboard.press('r');
    const link = page.locator('.notice a');
    await link.waitFor();
    const next = await link.getAttribute('href');
    expect(next).not.toBe(new URL(first).pathname);
    await fetch(`${fleet.url}/api${next}/cancel`, { method: 'POST' });
  }, 60_000);

  test('a drone is drained and resumed, and says why', async () => {
    const page = await browser.open(`${fleet.url}/drones`);
    const card = page.locator('.card', { hasText: 'd0' });
    await card.getByRole('button', { name: 'Drain' }).click();
    await page.getByLabel(/^Reason/).fill('a new disk');
    await page.keyboard.press('Enter');
    await card.getByText('draining').waitFor();
    await card.getByText('a new disk').waitFor();
    await card.getByRole('button', { name: 'Resume' }).click();
    await card.getByText(/^(idle|busy)$/).waitFor();
  });

  test('lists are ordered by their heads, by keyboard too, and the order stays in the address', async () => {
    const page = await browser.open(`${fleet.url}/jobs`);
    const ages = page.getByRole('columnheader', { name: 'Age' });
    await ages.getByRole('button').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/jobs?sort=oldest');
    await until(async () => (await page.locator('a.job-link').first().getAttribute('href')) === `/jobs/${ids.failed}`);
    expect(await ages.getAttribute('aria-sort')).toBe('descending');
    await visit(page, '/drones?table=1');
    await page.getByRole('columnheader', { name: 'Drone' }).getByRole('button').click();
    await page.waitForURL('**/drones?table=1&sort=-name');
    expect(await page.locator('a.job-link').allTextContents()).toEqual(['d1', 'd0']);
    expect(await page.getByRole('columnheader', { name: 'Drone' }).getAttribute('aria-sort')).toBe('descending');
    expect(await page.getByRole('columnheader', { name: 'Speed' }).getAttribute('aria-sort')).toBe('none');
  });

  test('why a job waits is said with a verdict on each drone, and ends when a drone comes that fits', async () => {
    const page = await browser.open(`${fleet.url}/jobs/${ids.blocked}`);
    await page.getByText('No drone has label gpu=a100.').waitFor();
    await page.locator('.verdicts li').first().waitFor();
    expect((await page.locator('.verdicts li').allTextContents()).sort()).toEqual(['d0has no label gpu=a100', 'd1has no label gpu=a100']);
  });

  test('jobs that wait are given a priority, many at once or one, and every page knows it', async () => {
    const page = await browser.open(`${fleet.url}/jobs?show=queued`);
    const watching = await browser.open(`${fleet.url}/jobs/${ids.blocked}`);
    await page.getByRole('checkbox', { name: 'Select all that are shown' }).check();
    await page.getByRole('button', { name: 'Priority' }).click();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.type('7');
    await page.keyboard.press('Enter');
    await page.getByText(/jobs? given priority 7\./).waitFor();
    await page.locator('.job-note', { hasText: 'priority 7' }).first().waitFor();
    await watching.getByText('priority 7').waitFor();
    await watching.keyboard.press('p');
    await watching.keyboard.type('-1');
    await watching.keyboard.press('Enter');
    await page.locator('.job-note', { hasText: 'priority -1' }).waitFor();
  });

  test('new jobs wait to be shown, and changes of those shown are live', async () => {
    const page = await browser.open(`${fleet.url}/jobs`);
    await page.getByRole('table', { name: 'Jobs' }).waitFor();
    await page.locator('.connection.is-live').waitFor();
    // A free slot, also where only this test is run.
    await fetch(`${fleet.url}/api/jobs/${ids.second}/cancel`, { method: 'POST' });
    const id = await submit(fleet.url, { phases: { test: ['echo quick'] } });
    await done(fleet.url, id);
    await page.getByRole('button', { name: 'Show 1 new job' }).click();
    await page.getByRole('row', { name: /passed.*echo quick/ }).waitFor();
    await fetch(`${fleet.url}/api/jobs/${ids.running}/cancel`, { method: 'POST' });
    await until(async () => (await jobOf(fleet.url, ids.running ?? '')).status === 'done');
    await page
      .getByRole('row', { name: /cancelled.*while/ })
      .first()
      .waitFor();
  });

  test('a list that is gone back to knows what became of its jobs meanwhile', async () => {
    const id = await submit(fleet.url, { requires: { labels: { gpu: 'b200' } }, phases: { test: ['echo meanwhile'] } });
    const page = await browser.open(`${fleet.url}/jobs`);
    await page.getByRole('row', { name: /blocked.*echo meanwhile/ }).waitFor();
    await visit(page, '/drones');
    await page.getByRole('heading', { name: 'Drones' }).waitFor();
    await fetch(`${fleet.url}/api/jobs/${id}/cancel`, { method: 'POST' });
    await done(fleet.url, id);
    await visit(page, '/jobs');
    await page.getByRole('row', { name: /cancelled.*echo meanwhile/ }).waitFor();
  });

  test('filters say how many jobs they would show, and stay in the address and in mind', async () => {
    const page = await browser.open(`${fleet.url}/jobs`);
    const badge = (words: string) => page.locator('.facet', { hasText: words }).locator('.badge');
    const before = Number(await badge('Passed').textContent());
    const id = await submit(fleet.url, { project: 'counted', phases: { test: ['true'] } });
    await done(fleet.url, id);
    await until(async () => Number(await badge('Passed').textContent()) > before);
    await page.getByLabel('Passed').check({ force: true });
    await page.getByLabel('Project').fill('counted');
    await page.keyboard.press('Enter');
    await until(async () => (await badge('Passed').textContent()) === '1');
    expect(await badge('Failed').textContent()).toBe('0');
    expect(new URL(page.url()).search).toBe('?show=passed&project=counted');
    await page.goto(`${fleet.url}/jobs`);
    await page.waitForURL(/\?show=passed&project=counted$/);
    expect(await page.getByLabel('Project').inputValue()).toBe('counted');
    await page.context().close();
  });

  test('a filter under a name is there for everybody, and comes back after it was removed by mistake', async () => {
    const [ann, bob] = [await browser.open(`${fleet.url}/jobs?show=failed&project=store`), await browser.open(`${fleet.url}/drones`)];
    await ann.getByRole('button', { name: 'Save as a view' }).click();
    await ann.getByLabel('Name').fill('what broke the store');
    await ann.keyboard.press('Enter');
    await ann.getByRole('link', { name: 'what broke the store' }).waitFor();
    await bob.goto(`${fleet.url}/jobs`);
    await bob.getByRole('link', { name: 'what broke the store' }).click();
    await bob.waitForURL(/\?show=failed&project=store$/);
    await bob.getByRole('row', { name: /failed: exit 2/ }).waitFor();
    expect(await violations(bob)).toEqual([]);
    await bob.getByRole('button', { name: 'Remove the view what broke the store' }).click();
    await bob.getByRole('link', { name: 'what broke the store' }).waitFor({ state: 'detached' });
    await bob.getByRole('button', { name: 'Undo' }).click();
    await bob.getByRole('link', { name: 'what broke the store' }).waitFor();
    await ann.context().close();
    await bob.context().close();
  });

  test('many jobs are chosen at once, and retried', async () => {
    const project = 'many';
    for (const command of ['exit 1', 'exit 2']) await done(fleet.url, await submit(fleet.url, { project, phases: { test: [command] } }));
    const page = await browser.open(`${fleet.url}/jobs?project=${project}`);
    await page.getByLabel('Select all that are shown').check();
    await page.getByText('2 jobs selected').waitFor();
    await page.getByRole('toolbar').getByRole('button', { name: 'Retry' }).click();
    await page.getByText('2 jobs submitted again.').waitFor();
    await page.getByRole('button', { name: 'Show 2 new jobs' }).click();
    await until(async () => (await page.getByRole('row', { name: /failed: exit/ }).count()) === 4);
    await page.context().close();
  });

  test('the end of a watched job is told once, to whoever asked for it', async () => {
    const id = await submit(fleet.url, { phases: { test: ['while [ ! -e told ]; do sleep 0.1; done'] } });
    const page = await browser.open(`${fleet.url}/jobs/${id}`);
    await page.context().grantPermissions(['notifications']);
    // What the browser would show outside the page cannot be seen from here.
    await page.evaluate(
      'window.told = []; window.Notification = class extends Notification { constructor(title, more) { super(title, more); told.push([title, more.body]); } }',
    );
    await page.getByRole('button', { name: 'Notify me' }).click();
    await page.getByRole('button', { name: 'Notify me', pressed: true }).waitFor();
    await fetch(`${fleet.url}/api/jobs/${id}/cancel`, { method: 'POST' });
    await until(() => page.evaluate<boolean>('told.length === 1'));
    expect(await page.evaluate('told[0][0]')).toMatch(/^⊘ while/);
    expect(await page.evaluate("localStorage.getItem('skep-watched')")).toBe('[]');
    await page.context().close();
  });

  test('a task shows what it was given and what it returned', async () => {
    const page = await browser.open(`${fleet.url}/jobs/${ids.task}`);
    const task = page.getByRole('region', { name: 'Task ping' });
    await task.getByText('"hello": "bees"').first().waitFor();
    await task.getByText('result', { exact: true }).waitFor();
  }, 30_000);

  test('what the queen refuses is taken back, with its reason', async () => {
    const page = await browser.open(`${fleet.url}/drones`);
    const card = page.locator('.card').filter({ has: page.getByRole('heading', { name: 'd1' }) });
    const refusal = { status: 507, json: { error: { code: 'STORE_FULL', message: 'The disk is full' } } };
    let answer: (() => Promise<void>) | undefined;
    await page.route('**/drain', (route) => {
      answer = () => route.fulfill(refusal);
    });
    await card.getByRole('button', { name: 'Drain' }).click();
    await page.keyboard.press('Enter');
    await card.getByText('draining').waitFor();
    await until(async () => answer !== undefined);
    await answer?.();
    await page.getByText('Not drained: The disk is full').waitFor();
    await card.getByText(/^(idle|busy)$/).waitFor();
    await page.context().close();
  });

  test('a drone shows what it ran today, how much of it passed, and how long it took', async () => {
    const page = await browser.open(`${fleet.url}/drones/d0`);
    await page.getByRole('table', { name: 'How long its jobs take' }).waitFor();
    expect(await page.locator('.drone-day .is-job').count()).toBeGreaterThan(0);
    await page.getByText(/^\d+ % of \d+ jobs?$/).waitFor();
    await page.goto(`${fleet.url}/drones/dd1`);
    await page.getByRole('link', { name: 'd1', exact: true }).waitFor();
    await page.context().close();
  });

  test('what runs is held against how long it usually takes, and the day is drawn and told', async () => {
    const job = (seconds: number) => ({ env: { FOR: String(seconds) }, phases: { test: ['echo begun; sleep $FOR'] } });
    // A free slot, also where only this test is run.
    for (const other of [ids.running, ids.second, ids.queued]) await fetch(`${fleet.url}/api/jobs/${other}/cancel`, { method: 'POST' });
    for (let run = 0; run < 3; run += 1) await done(fleet.url, await submit(fleet.url, job(0.1)));
    const id = await submit(fleet.url, job(600));
    const page = await browser.open(fleet.url);
    await page.getByRole('progressbar', { name: /^echo begun.* of the usual/ }).waitFor();
    await page.locator('.last-line', { hasText: /^begun$/ }).waitFor();
    await page.getByText('Show data').click();
    const ended = await page
      .getByRole('table', { name: /^Jobs that ended/ })
      .locator('tbody td:nth-child(2)')
      .allTextContents();
    expect(ended.map(Number).reduce((all, jobs) => all + jobs, 0)).toBeGreaterThan(5);
    expect(await violations(page)).toEqual([]);
    await page
      .getByRole('link', { name: /^echo begun/ })
      .first()
      .click();
    await page.getByText(/running for .* \(usually /).waitFor();
    await fetch(`${fleet.url}/api/jobs/${id}/cancel`, { method: 'POST' });
    await page.context().close();
  });

  test('raise no complaint of the browser', () => {
    const ofErrorsShown = /404|507/;
    expect(browser.complaints.filter((text) => !ofErrorsShown.test(text))).toEqual([]);
  });
});
