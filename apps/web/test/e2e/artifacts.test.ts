import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Fleet, startFleet } from '../../../cli/test/helpers/startFleet.js';
import { flaws, visit } from '../helpers/axe.js';
import { done, submit } from '../helpers/fleetJobs.js';
import { describeInBrowser, startBrowser, type TestBrowser } from '../helpers/startBrowser.js';
import { until } from '../helpers/until.js';

const junit = `<testsuites><testsuite name="s"><testcase classname="store" name="opens" time="0.5"/>
<testcase classname="store" name="grants" time="2"><failure message="expected 2, got 3">at store.ts:9</failure></testcase>
<testcase classname="store" name="later"><skipped/></testcase></testsuite></testsuites>`;
const bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><testsuite><testcase name="&a;"/></testsuite>';
const files = {
  'report/index.html': '<h1>Coverage</h1><script>document.body.textContent = "a script ran"</script>',
  'report/junit.xml': junit,
  'report/bomb.xml': bomb,
  'report/chart.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
  'report/sums.json': '{"a":{"b":[1,2]}}',
  'damaged.txt': 'as it was made',
  'lost.txt': 'soon gone',
  'app.bin': 'binary\u0000data',
};
const make = Object.entries(files)
  .map(([path, text]) => `echo ${Buffer.from(text).toString('base64')} | base64 -d > ${path}`)
  .join('\n');

describeInBrowser('artifacts', () => {
  let fleet: Fleet;
  let browser: TestBrowser;
  let id: string;

  beforeAll(async () => {
    [fleet, browser] = await Promise.all([startFleet({ capacities: [1] }), startBrowser()]);
    id = await submit(fleet.url, {
      project: 'shop',
      phases: { test: [`mkdir report\n${make}`, 'yes a line of the log | head -20000 > build.log'] },
      artifacts: ['report/*', '*.log', '*.txt', 'app.bin'],
    });
    expect(await done(fleet.url, id)).toMatchObject({ outcome: 'passed' });
  }, 60_000);

  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await fleet?.[Symbol.asyncDispose]();
  });

  /** The stored content of a text. */
  async function contentOf(text: string): Promise<string> {
    const folder = join(fleet.folder, 'queen/artifacts/contents');
    for (const name of await readdir(folder, { recursive: true })) {
      const content = await readFile(join(folder, name), 'utf8').catch(() => undefined);
      if (content === text) return join(folder, name);
    }
    throw new Error(`nothing has the content ${text}`);
  }

  const preview = async (page: Page, path: string) => {
    await page.getByRole('button', { name: new RegExp(`^${path.split('/').at(-1)?.replaceAll('.', '\\.')}`) }).click();
    return page.getByRole('dialog', { name: path });
  };
  const close = async (page: Page): Promise<void> => {
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  };

  test('of a job are listed in their folders and shown as what they are, and nothing of them runs', async () => {
    const page = await browser.open(`${fleet.url}/jobs/${id}`);
    await page.getByRole('button', { name: 'Artifacts 9' }).press('Enter');
    await page.getByText('9 files, 361 kB').waitFor();
    expect(await flaws(page, 'artifacts')).toEqual([]);

    const report = await preview(page, 'report/junit.xml');
    await report.getByText('1 of 3 tests failed').waitFor();
    await report.getByText('1 skipped · 2.5 s in all').waitFor();
    await report.getByText('expected 2, got 3').waitFor();
    expect(await report.getByRole('region', { name: 'Slowest' }).locator('li').allTextContents()).toEqual([
      'store › grants 2.0 s',
      'store › opens 0.5 s',
    ]);
    expect(await flaws(page, 'a report of tests')).toEqual([]);
    await report.getByRole('button', { name: 'Source' }).click();
    await report.locator('pre', { hasText: '<testsuites>' }).waitFor();
    await close(page);
    // What defines entities is not read.
    await (await preview(page, 'report/bomb.xml')).locator('pre', { hasText: '<!DOCTYPE x' }).waitFor();
    await close(page);

    const html = await preview(page, 'report/index.html');
    await html.frameLocator('iframe').getByRole('heading', { name: 'Coverage' }).waitFor();
    expect(await flaws(page, 'a page in its frame')).toEqual([]);
    await close(page);
    await preview(page, 'report/chart.svg');
    await until(() => page.evaluate<boolean>("document.querySelector('dialog img')?.naturalWidth === 9"));
    await close(page);
    await (await preview(page, 'report/sums.json')).locator('pre', { hasText: '"b": [\n' }).waitFor();
    await close(page);
    await (await preview(page, 'app.bin')).getByText('This is no text').waitFor();
    await close(page);

    const log = await preview(page, 'build.log');
    await log.getByText('The first 262 kB of 360 kB.').waitFor();
    expect(await flaws(page, 'the beginning of a text')).toEqual([]);
    await log.getByRole('button', { name: 'Show all' }).click();
    await log.getByText('The first').waitFor({ state: 'detached' });
    // The address leads here, and the dialog gives the focus back to what opened it.
    expect(page.url()).toMatch(/\?tab=artifacts&artifact=build\.log$/);
    await close(page);
    expect(await page.evaluate<string>('document.activeElement.textContent')).toMatch(/^build\.log/);
    await page.context().close();
  }, 60_000);

  test('are kept one by one, some of them or all; what is damaged or gone says so', async () => {
    const page = await browser.open(`${fleet.url}/jobs/${id}?tab=artifacts`);
    const saved = async (action: () => Promise<void>) => {
      const [download] = await Promise.all([page.waitForEvent('download'), action()]);
      return [download.suggestedFilename(), (await readFile(await download.path(), 'latin1')).length] as const;
    };
    expect(await saved(() => page.getByRole('button', { name: 'Download build.log' }).click())).toEqual(['build.log', 360_000]);
    await page.getByRole('checkbox', { name: 'Select report/', exact: true }).check();
    await page.getByText('5 of 9 files').waitFor();
    await page.getByRole('checkbox', { name: 'Select report/bomb.xml' }).uncheck();
    await page.getByRole('button', { name: 'Download selected' }).click();
    const [name, bytes] = await saved(() => page.getByRole('menuitem', { name: 'as zip' }).click());
    expect([name, bytes > 300 && bytes < 4000]).toEqual([`${id}.zip`, true]);

    await writeFile(await contentOf('as it was made'), 'as it became..');
    await rm(await contentOf('soon gone'));
    const damaged = await preview(page, 'damaged.txt');
    await damaged
      .getByRole('alert')
      .getByText(/another SHA-256/)
      .waitFor();
    expect(await flaws(page, 'a damaged artifact')).toEqual([]);
    await close(page);
    await (await preview(page, 'lost.txt'))
      .getByRole('alert')
      .getByText(/not in the store|is lost|not there/)
      .waitFor();
    await close(page);
    await page.getByRole('button', { name: 'Download lost.txt' }).click();
    await page.getByText(/^Not downloaded/).waitFor();
    await page.context().close();
  }, 60_000);

  test('that are none say how to leave some; those that cannot be listed say why; without the queen they stay', async () => {
    const failed = await submit(fleet.url, { phases: { test: ['exit 1'] } });
    await done(fleet.url, failed);
    const page = await browser.open(`${fleet.url}/jobs/${failed}?tab=artifacts`);
    await page.getByText('This attempt left no files behind.').waitFor();
    expect(await flaws(page, 'no artifact')).toEqual([]);
    await page.route(/\/artifacts\?/, (route) =>
      route.fulfill({ status: 500, json: { error: { code: 'STORE_FAILED', message: 'The disk is gone', hint: 'Look into the log.' } } }),
    );
    await visit(page, `/jobs/${id}?tab=artifacts`);
    const alert = page.getByRole('alert').filter({ hasText: 'The disk is gone' });
    await alert.waitFor();
    await page.unroute(/\/artifacts\?/);
    await alert.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('9 files, 361 kB').waitFor();
    await fleet.killQueen();
    await page.getByText('No downloads while the queen is away.').waitFor();
    expect(await page.getByRole('button', { name: 'Download all' }).isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: 'Download build.log' }).isDisabled()).toBe(true);
    expect(await flaws(page, 'artifacts, away')).toEqual([]);
    await page.context().close();
    expect(browser.complaints.filter((text) => !/Blocked script execution|status of 500|ERR_CONNECTION/.test(text))).toEqual([]);
  }, 60_000);
});
