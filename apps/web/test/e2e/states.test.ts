import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Route } from 'playwright-core';
import { type Fleet, startFleet } from '../../../cli/test/helpers/startFleet.js';
import { flaws, visit } from '../helpers/axe.js';
import { submit } from '../helpers/fleetJobs.js';
import { describeInBrowser, startBrowser, type TestBrowser } from '../helpers/startBrowser.js';
import { until } from '../helpers/until.js';

const isApi = /\/api\/(jobs|tokens|stats)/;
const failure = { status: 500, json: { error: { code: 'STORE_FAILED', message: 'The disk is gone', hint: 'Look into the log.' } } };

describeInBrowser('every page', () => {
  let fleet: Fleet;
  let browser: TestBrowser;
  let id: string;

  beforeAll(async () => {
    [fleet, browser] = await Promise.all([startFleet(), startBrowser()]);
  }, 60_000);

  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await fleet?.[Symbol.asyncDispose]();
  });

  test('that is empty says what to do', async () => {
    const page = await browser.open(fleet.url);
    for (const [path, words] of [
      ['/', 'This queen is new'],
      ['/jobs', 'No job yet.'],
      ['/jobs?show=failed', 'No job matches.'],
      ['/drones', 'No drone has ever connected.'],
      ['/drones/none', 'No such drone'],
      ['/jobs/none', 'It cannot be shown.'],
      ['/settings/tokens', 'No token yet.'],
    ] as const) {
      await visit(page, path);
      await page.locator('main').getByText(words).first().waitFor();
      expect(await flaws(page, path)).toEqual([]);
    }
    expect(await page.getByRole('navigation', { name: 'Views' }).count()).toBe(0);
  }, 60_000);

  test('that loads shows the shape of what comes; that cannot be read says why, and tries again', async () => {
    id = await submit(fleet.url, { project: 'web', phases: { test: ['make'] } });
    const page = await browser.open(fleet.url);
    for (const [path, words] of [
      ['/', 'Newest jobs'],
      ['/jobs', 'make'],
      [`/jobs/${id}`, 'Why it waits'],
      [`/jobs/new?from=${id}`, 'there is no drone'],
      ['/drones', 'No drone has ever connected.'],
      ['/drones/none', 'No such drone'],
      ['/settings/tokens', 'No token yet.'],
    ] as const) {
      const held: Route[] = [];
      let doesFail = false;
      await page.route(isApi, (route) => void (doesFail ? route.fulfill(failure) : held.push(route)));
      await page.goto(fleet.url + path);
      await page.getByRole('status', { name: 'Loading' }).first().waitFor();
      expect(await flaws(page, `${path} loads`)).toEqual([]);
      doesFail = true;
      for (const route of held) await route.fulfill(failure).catch(() => undefined);
      const alert = page.getByRole('alert').filter({ hasText: 'The disk is gone. Look into the log.' }).first();
      await alert.waitFor();
      expect(await flaws(page, `${path} fails`)).toEqual([]);
      await page.unroute(isApi);
      await alert.getByRole('button', { name: 'Try again' }).click();
      await page.locator('main').getByText(words).first().waitFor();
    }
    await page.context().close();
  }, 60_000);

  test('that loses the queen keeps what it shows, dated, with its actions off, and goes on when it is back', async () => {
    // Another try finds the queen as the first one left it.
    await fleet.replaceQueen();
    const page = await browser.open(`${fleet.url}/jobs/${id}`);
    await page.getByRole('button', { name: 'Cancel' }).waitFor();
    // The other pages are loaded in time, each by itself.
    for (const part of ['DronesPage', 'JobsPage', 'SettingsPage'])
      await until(() => page.evaluate<boolean>(`performance.getEntriesByType('resource').some(({ name }) => name.includes('/${part}'))`));
    await fleet.killQueen();
    await page
      .getByRole('alert')
      .filter({ hasText: /is lost.* old/ })
      .waitFor();
    expect(await page.getByRole('button', { name: 'Cancel' }).isDisabled()).toBe(true);
    await page.getByText('not while the queen is away').waitFor();
    expect(await flaws(page, 'job, away')).toEqual([]);
    for (const [keys, name] of [
      ['g o', 'Overview'],
      ['g d', 'Drones'],
      ['g j', 'Jobs'],
      ['g ,', 'Settings'],
    ] as const) {
      for (const key of keys.split(' ')) await page.keyboard.press(key);
      await page.getByRole('heading', { name, level: 1 }).waitFor({ state: 'attached' });
      expect(await flaws(page, `${name}, away`)).toEqual([]);
    }
    await fleet.replaceQueen();
    await page.getByText('Connected again; everything is up to date.').waitFor();
    await visit(page, `/jobs/${id}`);
    await page.getByRole('button', { name: 'Cancel' }).and(page.locator(':enabled')).waitFor();
  }, 60_000);
});
