import { afterAll, beforeAll, expect, test } from '@jest/globals';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { type Fleet, startFleet } from '../../../cli/test/helpers/startFleet.js';
import { done, jobOf, running, submit } from '../helpers/fleetJobs.js';
import { describeInBrowser, startBrowser, type TestBrowser } from '../helpers/startBrowser.js';
import { until } from '../helpers/until.js';

/** What axe finds wrong on a page, each as its rule and where. */
async function violations(page: Page): Promise<string[]> {
  // By the debugger: the policy of the page forbids scripts of elsewhere.
  await page.evaluate(axe.source);
  return page.evaluate<string[]>(`axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
    .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ' ' + target.join(' ') + ' ' + failureSummary)))`);
}

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
    await Promise.all([done(fleet.url, ids.failed), done(fleet.url, ids.passed)]);
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
    ['running', `/jobs/${ids.running}`],
    ['queued', `/jobs/${ids.queued}`],
    ['blocked', `/jobs/${ids.blocked}`],
    ['no such job', '/jobs/none'],
    ['new job', '/jobs/new'],
    ['with edits', `/jobs/new?from=${ids.passed}`],
    ['drones', '/drones'],
    ['no such drone', '/drones/none'],
    ['tokens', '/settings/tokens'],
    ['system', '/settings/system'],
  ];

  test.each([
    ['light', 1440],
    ['dark', 1440],
    ['light', 320],
  ] as const)(
    'have nothing that axe finds wrong, and fit: %s, %i px',
    async (theme, width) => {
      for (const [name, path] of addresses()) {
        const page = await browser.open(fleet.url + path, { theme, width });
        await page.locator('main :is(h1, .failed)').first().waitFor();
        await page.waitForLoadState('networkidle').catch(() => undefined);
        expect([name, await violations(page)]).toEqual([name, []]);
        const overflow = await page.evaluate<number>(
          'Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)',
        );
        expect([name, overflow]).toEqual([name, 0]);
        await page.context().close();
      }
    },
    90_000,
  );

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

  test('why a job waits is said with a verdict on each drone, and ends when a drone comes that fits', async () => {
    const page = await browser.open(`${fleet.url}/jobs/${ids.blocked}`);
    await page.getByText('No drone has label gpu=a100.').waitFor();
    expect(await page.locator('.verdicts li').allTextContents()).toEqual(['d0has no label gpu=a100', 'd1has no label gpu=a100']);
  });

  test('new jobs wait to be shown, and changes of those shown are live', async () => {
    const page = await browser.open(`${fleet.url}/jobs`);
    await page.getByRole('table', { name: 'Jobs' }).waitFor();
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

  test('raise no complaint of the browser', () => {
    const ofErrorsShown = /404/;
    expect(browser.complaints.filter((text) => !ofErrorsShown.test(text))).toEqual([]);
  });
});
