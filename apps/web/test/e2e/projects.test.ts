import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Route } from 'playwright-core';
import { type Fleet, startFleet } from '../../../cli/test/helpers/startFleet.js';
import { flaws, visit } from '../helpers/axe.js';
import { done, submit } from '../helpers/fleetJobs.js';
import { describeInBrowser, startBrowser, type TestBrowser } from '../helpers/startBrowser.js';
import { until } from '../helpers/until.js';

const failure = { status: 500, json: { error: { code: 'STORE_FAILED', message: 'The disk is gone', hint: 'Look into the log.' } } };
const project = 'acme/böse <site>';

describeInBrowser('projects, artifacts of all jobs, and two jobs side by side', () => {
  let fleet: Fleet;
  let browser: TestBrowser;
  const ids: string[] = [];

  beforeAll(async () => {
    [fleet, browser] = await Promise.all([startFleet({ capacities: [1] }), startBrowser()]);
  }, 60_000);

  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await fleet?.[Symbol.asyncDispose]();
  });

  /** Runs a job of the project on a branch to its end. */
  const run = async (branch: string, text: string, more: object = {}): Promise<string> => {
    const test = [{ command: `mkdir -p out; printf ${text} > out/app.txt; printf same > out/same.txt`, screencmd: 'make' }];
    const id = await submit(fleet.url, { project, ref: { branch }, phases: { test }, artifacts: ['out/*'], ...more });
    await done(fleet.url, id);
    return id;
  };

  test('say what to do where there are none, and why they cannot be read', async () => {
    const page = await browser.open(fleet.url);
    await page.getByText('Nothing needs you.').waitFor();
    for (const [keys, words] of [
      ['g p', 'No job has named a project yet.'],
      ['g a', 'No job has left anything behind yet.'],
    ] as const) {
      for (const key of keys.split(' ')) await page.keyboard.press(key);
      await page.getByText(words).waitFor();
      expect(await flaws(page, words)).toEqual([]);
    }
    for (const [path, words] of [
      ['/projects/none', 'No job names the project none'],
      ['/compare?a=none&b=nobody', 'There is no job no'],
    ] as const) {
      await visit(page, path);
      await page.getByRole('alert').getByText(words).waitFor();
      expect(await flaws(page, words)).toEqual([]);
    }
    await page.context().close();
  }, 60_000);

  test('stand by branch, with a badge, what was made last and their history, as jobs end', async () => {
    ids.push(await run('main', 'one'), await run('main', 'two-2', { env: { MODE: 'release' } }));
    const page = await browser.open(`${fleet.url}/projects`);
    await page.getByRole('row', { name: /^acme.*passed.*100 % of 2/ }).waitFor();
    expect(await flaws(page, 'projects')).toEqual([]);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: project, level: 1 }).waitFor();
    await page.getByText('100 % of the newest 2 jobs passed').waitFor();
    await page.getByRole('img', { name: /^The badge of acme/ }).waitFor();
    await page.getByRole('link', { name: 'out/app.txt' }).waitFor();
    await run('fix', 'three', { phases: { test: ['exit 3'] } });
    await page.getByRole('button', { name: 'Show 1 new job' }).waitFor();
    await page
      .getByRole('table', { name: 'Branches' })
      .getByRole('row', { name: /^fix failed: exit 3/ })
      .waitFor();
    expect(await flaws(page, 'a project')).toEqual([]);
    await page.getByRole('button', { name: 'main', exact: true }).click();
    await page.getByRole('heading', { name: 'History of main' }).waitFor();
    await until(async () => (await page.getByRole('table', { name: 'History' }).locator('tbody tr').count()) === 2);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy as Markdown' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const markdown = await page.evaluate<string>('navigator.clipboard.readText()');
    const [, badge = '', target] = /^\[!\[acme\/böse \\<site\\> main\]\((\S+)\)\]\((\S+)\)$/.exec(markdown) ?? [];
    expect(await (await fetch(badge)).text()).toContain('main: passing</title>');
    expect(target).toBe(page.url());
    await page.context().close();
  }, 60_000);

  test('artifacts of all jobs are found by path, project, kind and content, and lead to where they are shown', async () => {
    const page = await browser.open(`${fleet.url}/artifacts`);
    const rows = page.getByRole('table', { name: 'Artifacts' }).locator('tbody tr');
    await rows.nth(3).waitFor();
    expect(await flaws(page, 'artifacts of all jobs')).toEqual([]);
    await page.keyboard.press('f');
    await page.keyboard.type('APP');
    await rows.nth(2).waitFor({ state: 'detached' });
    await page.getByLabel('Path, or a part of it').fill('');
    await rows
      .filter({ hasText: 'same.txt' })
      .first()
      .getByTitle(/^All with the content/)
      .click();
    await page.getByRole('button', { name: /^with the content/ }).waitFor();
    expect(await rows.count()).toBe(2);
    await page.getByLabel('Kind').selectOption('image');
    await page.getByText('No artifact matches.').waitFor();
    expect(await flaws(page, 'no artifact matches')).toEqual([]);
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.getByRole('link', { name: 'out/app.txt' }).first().click();
    await page.getByRole('dialog', { name: 'out/app.txt' }).locator('pre', { hasText: 'two-2' }).waitFor();
    await page.context().close();
  }, 60_000);

  test('a job is compared with the one before it of its project and branch', async () => {
    const page = await browser.open(`${fleet.url}/jobs/${ids[1]}`);
    await page.getByRole('button', { name: 'Compare' }).click();
    await page
      .getByRole('table', { name: 'Environment' })
      .getByRole('row', { name: /MODE – release/ })
      .waitFor();
    expect(await page.getByRole('textbox', { name: 'Job A' }).inputValue()).toBe(ids[0]);
    await page.getByText('The same, but for names and times.').waitFor();
    await page.getByText('Different: 1 file').waitFor();
    await page.getByText('The same: 1 file').click();
    await page.getByText('out/same.txt').first().waitFor();
    await page
      .getByRole('table', { name: 'How long it took' })
      .getByRole('row', { name: /^make / })
      .waitFor();
    expect(await flaws(page, 'two jobs')).toEqual([]);
    await page.getByRole('link', { name: 'out/app.txt of A: 3 B' }).click();
    await page.getByRole('dialog', { name: 'out/app.txt' }).locator('pre', { hasText: 'one' }).waitFor();
    await page.context().close();
  }, 60_000);

  test('load in their shape, say why they cannot be read, and stay while the queen is away', async () => {
    const page = await browser.open(`${fleet.url}/settings/system`);
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    const paths = [
      ['/projects', 'acme'],
      ['/artifacts', 'out/app.txt'],
    ] as const;
    for (const [path, words] of paths) {
      const held: Route[] = [];
      let doesFail = false;
      await page.route(/\/api\/(projects|artifacts)/, (route) => void (doesFail ? route.fulfill(failure) : held.push(route)));
      await visit(page, path);
      await page.getByRole('status', { name: 'Loading' }).waitFor();
      doesFail = true;
      for (const route of held) await route.fulfill(failure);
      const alert = page.getByRole('alert').filter({ hasText: 'The disk is gone. Look into the log.' });
      await alert.waitFor();
      expect(await flaws(page, `${path} fails`)).toEqual([]);
      await page.unroute(/\/api\/(projects|artifacts)/);
      await alert.getByRole('button', { name: 'Try again' }).click();
      await page.locator('main').getByText(words).first().waitFor();
    }
    await fleet.killQueen();
    await page
      .getByRole('alert')
      .filter({ hasText: /is lost/ })
      .waitFor();
    for (const [path, words] of paths) {
      await visit(page, path);
      await page.locator('main').getByText(words).first().waitFor();
      expect(await flaws(page, `${path}, away`)).toEqual([]);
    }
    await page.context().close();
    expect(browser.complaints.filter((text) => !/status of (404|500)|ERR_CONNECTION/.test(text))).toEqual([]);
  }, 60_000);
});
