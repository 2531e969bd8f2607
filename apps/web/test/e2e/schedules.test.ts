import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Route } from 'playwright-core';
import { type Fleet, startFleet } from '../../../cli/test/helpers/startFleet.js';
import { flaws, visit } from '../helpers/axe.js';
import { describeInBrowser, startBrowser, type TestBrowser } from '../helpers/startBrowser.js';
import { until } from '../helpers/until.js';

const failure = { status: 500, json: { error: { code: 'STORE_FAILED', message: 'The disk is gone', hint: 'Look into the log.' } } };

describeInBrowser('schedules, and a drone', () => {
  let fleet: Fleet;
  let browser: TestBrowser;

  beforeAll(async () => {
    [fleet, browser] = await Promise.all([startFleet({ capacities: [1] }), startBrowser()]);
  }, 60_000);

  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await fleet?.[Symbol.asyncDispose]();
  });

  const add = (schedule: unknown): Promise<Response> =>
    fetch(`${fleet.url}/api/schedules`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(schedule),
    });

  test('are added from an example, with the next times as one types and what is wrong with them, and are run, paused, changed and removed', async () => {
    const page = await browser.open(fleet.url);
    await page.getByText('Nothing needs you.').waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.getByText('Nothing runs by itself yet').waitFor();
    expect(await flaws(page, 'no schedule')).toEqual([]);
    await page.getByRole('link', { name: 'nightly' }).click();
    await page.getByText('Every day at 02:30').waitFor();
    const cron = page.getByLabel('Minute, hour, day of the month, month, weekday');
    await cron.fill('30 25 * * *');
    expect(await page.locator('.field-error mark').textContent()).toBe('25');
    expect(await flaws(page, 'a wrong expression')).toEqual([]);
    await cron.fill('30 2 * * *');
    await page.getByLabel('Time zone (UTC)').fill('Europe/Vienna');
    expect(await page.getByRole('table', { name: 'The next 10 times' }).locator('tbody tr').count()).toBe(10);
    expect(await flaws(page, 'the form')).toEqual([]);
    await page.getByLabel(/^Commands/).fill('echo by itself; exit 3');
    await page.getByRole('button', { name: 'Add it' }).click();
    await page.getByRole('table', { name: 'Next times' }).waitFor();
    expect(await page.getByRole('table', { name: 'Next times' }).locator('tbody th').allTextContents()).toEqual(
      Array(5).fill(expect.stringMatching(/02:30/)),
    );
    await page.getByRole('button', { name: 'Run now' }).click();
    await page.getByRole('row', { name: /by hand.* failed/ }).waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByLabel(/^Reason/).fill('the lab moves');
    await page.keyboard.press('Enter');
    await page.reload();
    await page.getByText(/^Paused .*: the lab moves/).waitFor();
    expect(await flaws(page, 'a schedule')).toEqual([]);
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('enabled').waitFor();
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel(/^Commands/).waitFor();
    await page.getByLabel('When', { exact: true }).selectOption('minutes');
    await page.getByLabel('Minutes', { exact: true }).fill('90');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('every 1 h 30 m').waitFor();
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('button', { name: 'Remove it' }).click();
    await page.getByText('Nothing runs by itself yet').waitFor();
    await page.context().close();
  }, 60_000);

  test('load in their shape, say why they cannot be read, change by what is told, and are known while the queen is away', async () => {
    await add({ name: 'often', when: { every: 3600 }, job: { phases: { test: ['true'] } } });
    const page = await browser.open(`${fleet.url}/settings/system`);
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    const held: Route[] = [];
    let doesFail = false;
    await page.route(/\/api\/schedules/, (route) => void (doesFail ? route.fulfill(failure) : held.push(route)));
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.getByRole('status', { name: 'Loading' }).waitFor();
    expect(await flaws(page, 'schedules load')).toEqual([]);
    doesFail = true;
    for (const route of held) await route.fulfill(failure);
    const alert = page.getByRole('alert').filter({ hasText: 'The disk is gone. Look into the log.' });
    await alert.waitFor();
    expect(await flaws(page, 'schedules fail')).toEqual([]);
    await page.unroute(/\/api\/schedules/);
    await alert.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('row', { name: /often/ }).waitFor();
    await add({ name: 'broken', when: { every: 'daily' }, job: { phases: { test: ['exit 4'] } } });
    await page.getByRole('row', { name: /broken/ }).waitFor();
    await page.getByRole('button', { name: 'Run now broken' }).click();
    await page.getByRole('list', { name: 'Last results of broken' }).getByText('failed').waitFor({ state: 'attached' });
    expect(await flaws(page, 'schedules')).toEqual([]);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'broken', level: 1 }).waitFor();
    await visit(page, '/');
    await page
      .getByRole('region', { name: /^Needs you/ })
      .getByRole('link', { name: 'broken' })
      .waitFor();
    await page.getByRole('region', { name: 'Next schedules' }).getByRole('link', { name: 'often' }).first().waitFor();
    await fleet.killQueen();
    await page
      .getByRole('alert')
      .filter({ hasText: /is lost/ })
      .waitFor();
    for (const [path, name] of [
      ['/schedules', 'Schedules'],
      ['/schedules/often', 'often'],
    ] as const) {
      await visit(page, path);
      await page.getByRole('heading', { name, level: 1 }).waitFor();
      await until(async () => (await page.getByText(/^in \d|^\d+ h|^\d+ m/).count()) > 0);
      expect(await page.getByRole('button', { name: 'Run now' }).first().isDisabled()).toBe(true);
      expect(await flaws(page, `${name}, away`)).toEqual([]);
    }
    expect(await page.getByRole('table', { name: 'Next times' }).locator('tbody tr').count()).toBe(5);
    await visit(page, '/drones/d0');
    await page.getByRole('heading', { name: 'd0', level: 1 }).waitFor();
    await page.getByText('as last known', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Drain' }).isDisabled()).toBe(true);
    expect(await flaws(page, 'drone, away')).toEqual([]);
    await page.context().close();
  }, 60_000);
});
