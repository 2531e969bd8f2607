import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Fleet, startFleet } from '../../../cli/test/helpers/startFleet.js';
import { done, outputOf, running, submit } from '../helpers/fleetJobs.js';
import { plainDrone } from '../helpers/plainDrone.js';
import { copiedOutput, describeInBrowser, startBrowser, type TestBrowser } from '../helpers/startBrowser.js';
import { until } from '../helpers/until.js';

const failing = {
  phases: {
    prepare: ['seq 1 500'],
    test: [
      "for i in $(seq 1 2000); do printf '\\033[32m%d\\033[0m of 2000\\n' $i; done",
      "seq 1 300; echo 'src/a.c:3:1: error: no such thing'; seq 1 300; exit 3",
    ],
  },
};

describeInBrowser('the output of a job', () => {
  let fleet: Fleet;
  let browser: TestBrowser;
  let failed: string;

  beforeAll(async () => {
    [fleet, browser] = await Promise.all([startFleet({ capacities: [3] }), startBrowser()]);
    failed = await submit(fleet.url, failing);
    await done(fleet.url, failed);
  }, 60_000);

  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await fleet?.[Symbol.asyncDispose]();
  });

  test('opens at the first error of the command that failed, with the others shut', async () => {
    const page = await browser.open(`${fleet.url}/jobs/${failed}`);
    await page.locator('.row.is-current').waitFor();
    expect(await page.locator('.row.is-current').textContent()).toBe('2,801src/a.c:3:1: error: no such thing');
    expect(await page.getByText('Failed: exit 3', { exact: false }).count()).toBe(1);
    await page.keyboard.press('g');
    await page.keyboard.press('g');
    await page.getByRole('button', { name: 'seq 1 500', expanded: false }).waitFor();
    expect(await page.locator('.output-foot').textContent()).toMatch(/3,101 lines.*complete.*sha256 ok/);
  });

  test('opens at the first error that the queen knows of, where there is much of it', async () => {
    const test = ["echo 'error: in vain'; true", "seq 1 200000; echo 'b.c:1: error: this one'; seq 1 1000; echo '2 failed'; exit 1"];
    const id = await submit(fleet.url, { phases: { test } });
    await done(fleet.url, id);
    const page = await browser.open(`${fleet.url}/jobs/${id}`);
    await page.locator('.row.is-current', { hasText: 'this one' }).waitFor();
    await page.locator('.errors', { hasText: '3 errors' }).waitFor();
    await page.getByText('All 201,003 lines').waitFor({ state: 'attached' });
    expect(await page.locator('.row.is-current').textContent()).toBe('200,002b.c:1: error: this one');
    await page.getByRole('button', { name: 'Next error' }).click();
    await page.locator('.row.is-current', { hasText: '2 failed' }).waitFor();
  });

  test('is searched as a whole, with counts, and hits are gone to', async () => {
    const page = await browser.open(`${fleet.url}/jobs/${failed}`);
    await page.locator('.row.is-current').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('1999 of');
    await page.getByText('1 found', { exact: true }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.row.is-current', { hasText: '1999 of 2000' }).waitFor();
    expect(await page.locator('.row.is-current mark').allTextContents()).toEqual(['1999', ' of']);
    await page.getByLabel('Search the output').fill('^\\d+ of 2000$');
    await page.getByRole('button', { name: 'Regular expression' }).click();
    await page.locator('.found', { hasText: '2,000' }).waitFor();
  });

  test('is shown at the lines that a link names', async () => {
    const page = await browser.open(`${fleet.url}/jobs/${failed}#L1500-L1502`);
    await page.locator('.row.is-linked').nth(2).waitFor();
    expect(await page.locator('.row.is-linked .text').allTextContents()).toEqual(['1000 of 2000', '1001 of 2000', '1002 of 2000']);
  });

  test('is copied whole, also what is not on screen', async () => {
    const page = await browser.open(`${fleet.url}/jobs/${failed}#L1`);
    await page.locator('.output-foot', { hasText: 'sha256 ok' }).waitFor();
    await page.getByText('All 3,101 lines').waitFor({ state: 'attached' });
    await page.keyboard.press('O');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are not copied
    const expected = (await outputOf(fleet.url, failed)).replaceAll(/\x1b\[\d*m/g, '').replace(/\n$/, '');
    expect(await copiedOutput(page)).toBe(expected);
  });

  test('is whole after the queen was killed in the middle of it, and the page says that it was away', async () => {
    const id = await submit(fleet.url, {
      phases: { test: ['for i in $(seq 1 3000); do echo "line $i of many"; [ $((i % 100)) = 0 ] && sleep 0.2; done; true'] },
    });
    await running(fleet.url, id);
    const page = await browser.open(`${fleet.url}/jobs/${id}`);
    await page
      .getByText(/^line \d+00 of many/)
      .first()
      .waitFor();
    await fleet.replaceQueen();
    await page.getByText('Connected again').waitFor();
    await done(fleet.url, id);
    await page.getByText('All 3,000 lines').waitFor({ state: 'attached' });
    const shown = await copiedOutput(page);
    expect(shown).toBe((await outputOf(fleet.url, id)).replace(/\n$/, ''));
  });

  test('is followed at its end, until somebody reads further up', async () => {
    const id = await submit(fleet.url, { phases: { test: ['i=0; while :; do i=$((i+1)); echo "tick $i"; sleep 0.02; done'] } });
    const page = await browser.open(`${fleet.url}/jobs/${id}`);
    await page.getByText('tick 80', { exact: true }).waitFor();
    await page.getByRole('log').hover();
    await page.mouse.wheel(0, -600);
    await page.getByRole('button', { name: /new lines?/ }).waitFor();
    const top = await page.locator('.row .text').first().textContent();
    await page.getByRole('button', { name: /[3-9]\d new lines/ }).waitFor();
    expect(await page.locator('.row .text').first().textContent()).toBe(top);
    await page.keyboard.press('G');
    await until(async () => (await page.getByRole('button', { name: 'Follow' }).getAttribute('aria-pressed')) === 'true');
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: 'Cancel the job' }).click();
    expect(await done(fleet.url, id)).toMatchObject({ outcome: 'cancelled' });
    await page.getByText(/^Cancelled/).waitFor();
  });

  test('shows what terminals show, on wrapped lines too', async () => {
    const script =
      "printf '10%%\\r50%%\\rdone\\n'; printf '\\033[1;31mred\\033[0m \\033[38;2;1;2;3mtrue\\033[0m\\n'; echo oops >&2; printf '%0300d\\n' 7";
    const id = await submit(fleet.url, { phases: { test: [script] } });
    await done(fleet.url, id);
    const page = await browser.open(`${fleet.url}/jobs/${id}?wrap=1&times=elapsed`);
    await page.locator('.row', { hasText: 'done' }).getByText('2 repaints').waitFor();
    expect(await page.locator('.fg-1.sgr-bold', { hasText: 'red' }).count()).toBe(1);
    expect(await page.getByText('true', { exact: true }).getAttribute('style')).toMatch(/rgb\(1, 2, 3\)|#010203/);
    expect(await page.locator('.row.is-stderr .text').textContent()).toBe('oops');
    const tall = await page.locator('.row', { hasText: '000000' }).boundingBox();
    expect(tall?.height).toBeGreaterThanOrEqual(40);
    expect(await page.locator('.row .time').first().textContent()).toMatch(/^\d\d:\d\d\.\d{3}$/);
  });

  test('says where some of it is missing', async () => {
    const info = { id: 'plain', capacity: 1, labels: { plain: '1' } };
    const first = await plainDrone(fleet.url, info);
    const assigned = new Promise((resolve) => first.once('queue:new', resolve));
    const id = await submit(fleet.url, { requires: { labels: info.labels } });
    await assigned;
    first.emit('job:stdout', id, 'one\ntwo\n');
    await until(async () => (await outputOf(fleet.url, id)) === 'one\ntwo\n');
    first.disconnect();
    const drone = await plainDrone(fleet.url, info);
    drone.emit('job:stdout', id, 'four\n');
    drone.emit('job:cut', id, 1_200_000, 2_000_000);
    drone.emit('job:stderr', id, '[left out]\nlast\n');
    drone.emit('job:done', id, 1);
    await done(fleet.url, id);
    const page = await browser.open(`${fleet.url}/jobs/${id}`);
    await page.locator('.row .text').nth(5).waitFor();
    expect(await page.locator('.row .text').allTextContents()).toEqual([
      ...['one', 'two', 'missing here: the drone lost its connection'],
      ...['four', '[left out]', 'last'],
    ]);
    expect(await page.locator('.row.is-gap .note').textContent()).toBe('1.2 MB left out');
    await page.locator('.output-foot').getByRole('link', { name: 'at line 4' }).click();
    await page.locator('.row.is-linked.is-gap', { hasText: '[left out]' }).waitFor();
    drone.disconnect();
  });

  test('has lines that tell of errors marked, addresses as links, and lines to quote', async () => {
    const id = await submit(fleet.url, { phases: { test: ["echo 'error: see https://example.org/a:1.'; exit 1"] } });
    await done(fleet.url, id);
    const page = await browser.open(`${fleet.url}/jobs/${id}#L1`);
    const link = page.locator('.row.is-error .text a');
    await link.waitFor();
    expect([await link.getAttribute('href'), await link.getAttribute('rel')]).toEqual(['https://example.org/a:1', 'noreferrer noopener']);
    expect(await page.locator('.marks .is-errors').getAttribute('d')).toMatch(/^M0 \d+h4$/);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'more' }).click();
    await page.getByRole('menuitem', { name: 'Copy lines as quotation' }).click();
    await page.getByText('copied as a quotation').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
      `> error: see https://example.org/a:1.\n\n${fleet.url}/jobs/${id}#L1\n`,
    );
  });

  test('raises no complaint of the browser', () => {
    const ofQueenAway = /ERR_CONNECTION_REFUSED|Failed to load resource|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/;
    expect(browser.complaints.filter((text) => !ofQueenAway.test(text))).toEqual([]);
  });
});
