import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Fleet, type Server, serverOf, startFleet } from '../../../cli/test/helpers/startFleet.js';
import { describeInBrowser, startBrowser, type TestBrowser } from '../helpers/startBrowser.js';

describeInBrowser('a queen that asks for tokens', () => {
  let fleet: Fleet;
  let browser: TestBrowser;
  let queen: Server;
  let folder: string;
  let url: string;
  let token: string;

  beforeAll(async () => {
    [fleet, browser, folder] = await Promise.all([startFleet(), startBrowser(), mkdtemp(join(tmpdir(), 'skep-login-'))]);
    queen = serverOf(fleet.skep(['queen', '--host', '0.0.0.0', '--port', '0', '--data', folder]));
    [, url = ''] = await queen.said(/skep queen ready at (\S+)/);
    url = url.replace('0.0.0.0', '127.0.0.1');
    [, token = ''] = await queen.said(/admin token, shown only this once: (\S+)/);
  }, 60_000);

  afterAll(async () => {
    queen?.process.kill('SIGTERM');
    await queen?.process;
    await browser?.[Symbol.asyncDispose]();
    await fleet?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  test('lets nobody see anything without one, and says what is wrong with another', async () => {
    const page = await browser.open(`${url}/jobs/some-job`);
    await page.getByLabel('Token', { exact: true }).fill('skep_wrong');
    await page.keyboard.press('Enter');
    await page.getByText('The queen does not know this token').waitFor();
    expect(await page.getByRole('navigation').count()).toBe(0);
  });

  test('is entered with one, keeps it, makes others, takes them back, and is left', async () => {
    const page = await browser.open(`${url}/settings/tokens`);
    await page.getByLabel('Token', { exact: true }).fill(token);
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /^admin admin/ }).waitFor();
    await page.reload();
    await page.getByLabel('Name of a new token').fill('builder');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'The token builder' }).waitFor();
    expect(await page.locator('.panel pre').textContent()).toMatch(/^skep_\S{43}$/);
    await page.getByRole('button', { name: 'Take back builder' }).click();
    await page.getByRole('button', { name: 'Take back', exact: true }).click();
    await page.getByText('builder opens nothing any more.').waitFor();
    await page.getByRole('row', { name: /^builder/ }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('Token', { exact: true }).waitFor();
  });
});
