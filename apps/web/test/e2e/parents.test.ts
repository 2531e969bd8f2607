import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Fleet, startFleet } from '../../../cli/test/helpers/startFleet.js';
import { flaws, visit } from '../helpers/axe.js';
import { done, submit } from '../helpers/fleetJobs.js';
import { describeInBrowser, startBrowser, type TestBrowser } from '../helpers/startBrowser.js';

describeInBrowser('jobs that consist of others, and platforms', () => {
  let fleet: Fleet;
  let browser: TestBrowser;

  beforeAll(async () => {
    const droneFlags = ['--platform', 'debian-12', '--label', 'node=20'];
    [fleet, browser] = await Promise.all([startFleet({ capacities: [1, 1], droneFlags }), startBrowser()]);
  }, 60_000);

  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await fleet?.[Symbol.asyncDispose]();
  });

  test('the cells of a matrix stand in a grid, each leads to its job and back, and lists show their sum', async () => {
    const page = await browser.open(`${fleet.url}/jobs/new`);
    await page.getByLabel(/^Commands/).fill('exit 3');
    await page.getByLabel(/^Matrix/).fill('{"platform": ["debian-12"');
    await page.getByRole('button', { name: 'Submit' }).click();
    await page.getByRole('alert').getByText('This is no JSON').waitFor();
    await page.getByLabel(/^Matrix/).fill('{"platform": ["debian-12", "freebsd-14"], "node": [20, 22]}');
    await page.getByRole('button', { name: 'Submit' }).click();
    const cells = page.getByRole('table', { name: 'Cells' });
    await cells.getByRole('row', { name: /^debian-12 failed: exit 3.* on d\d blocked/ }).waitFor();
    await cells.getByRole('row', { name: /^freebsd-14 blocked.* blocked/ }).waitFor();
    await page.getByText('1 of 4 cells failed, 3 queued.').waitFor();
    expect(await cells.getByRole('columnheader').allTextContents()).toEqual(['node 20', 'node 22']);
    expect(await flaws(page, 'a parent')).toEqual([]);
    const parent = new URL(page.url()).pathname;
    await cells.getByRole('link', { name: /^failed: exit 3/ }).click();
    await page.getByRole('heading', { name: 'exit 3 (debian-12, node 20)' }).waitFor();
    await visit(page, '/jobs');
    const row = page.getByRole('table', { name: 'Jobs' }).locator('tbody tr');
    await row.getByText('1 of 4 cells failed, 3 queued').waitFor();
    expect(await row.count()).toBe(1);
    await visit(page, parent);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Cancel the job' }).click();
    await page.getByText('1 of 4 cells failed, 3 cancelled.').waitFor();
    await page.context().close();
  }, 60_000);

  test('a reproducible job says whether its builds are the same, and what differs', async () => {
    const ids = await Promise.all(
      ['same', '$$'].map((text) =>
        submit(fleet.url, { phases: { test: [`mkdir out; echo ${text} > out/app.txt`] }, artifacts: ['out/*'], reproducible: true }),
      ),
    );
    for (const id of ids) await done(fleet.url, id);
    const page = await browser.open(`${fleet.url}/jobs/${ids[0]}`);
    await page.getByText('Both left the same 1 file behind.').waitFor();
    await visit(page, `/jobs/${ids[1]}`);
    await page.getByText('1 file not the same: out/app.txt.').waitFor();
    expect(await flaws(page, 'not reproducible')).toEqual([]);
    await page.getByRole('link', { name: 'Compare the builds' }).click();
    await page.getByText('Different: 1 file').waitFor();
    await page.context().close();
  }, 60_000);

  test('a platform is dropped with its reason, a matrix leaves its cells out, and it is restored', async () => {
    const page = await browser.open(`${fleet.url}/drones`);
    await page.getByRole('button', { name: 'Drop debian-12' }).click();
    await page.getByLabel(/^Reason/).fill('the lab moves');
    await page.keyboard.press('Enter');
    await page
      .getByText(/: the lab moves$/)
      .first()
      .waitFor();
    await page.getByText('restore its platform to give it jobs').first().waitFor();
    expect(await flaws(page, 'a dropped platform')).toEqual([]);
    const id = await submit(fleet.url, { phases: { test: ['true'] }, matrix: { platform: ['debian-12', 'freebsd-14'] } });
    await visit(page, `/jobs/${id}`);
    await page.getByText('1 cell left out: debian-12 was dropped: the lab moves').waitFor();
    await visit(page, '/drones');
    await page.getByRole('button', { name: 'Restore debian-12' }).click();
    await page.getByRole('button', { name: 'Drop debian-12' }).waitFor();
    await page.context().close();
    expect(browser.complaints).toEqual([]);
  }, 60_000);
});
