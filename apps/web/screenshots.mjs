/**
 * `npm run screenshots`: every page in both themes, wide and narrow, of a queen with two drones and jobs of its own, into
 * docs/screenshots. Needs chromium.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { build as buildAll } from '../../scripts/lib/build.mjs';
import { start, stopAll } from '../../scripts/lib/fleet.mjs';
import { install } from '../../scripts/lib/install.mjs';
import { main, root, say } from '../../scripts/lib/run.mjs';

const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const folder = join(root, 'docs/screenshots');

const compile =
  'for i in $(seq 1 180); do printf "\\033[32m[%3d%%]\\033[0m Building C object \\033[1;34msrc/file%d.c.o\\033[0m\\n" $((i*100/180)) $i; done';
const fail = [
  'echo "src/store.c: In function lease_take:"; sleep 0.2',
  `echo "src/store.c:214:9: \\033[1;31merror:\\033[0m 'lease' undeclared (first use in this function)" >&2; sleep 0.2`,
  'echo "  214 |   lease->epoch++;"; echo "      |   ^~~~~"',
  'for i in $(seq 1 25); do echo "make[1]: leaving directory src/part$i"; done; exit 2',
].join('; ');

// As long as it takes until the pictures are taken, so that it is known how long it usually does.
const build = (seconds) => ({
  project: 'web',
  env: { FOR: String(seconds) },
  phases: { test: [{ command: `${compile}; sleep $FOR`, screencmd: 'npm run build' }] },
});

const jobs = {
  passed: {
    project: 'web',
    env: { NODE_ENV: 'test' },
    phases: { prepare: ['echo 214 packages in 2 s; sleep 1'], test: ['seq -f "test %g ok" 1 40'] },
  },
  failed: {
    project: 'store',
    phases: { prepare: ['./configure || sleep 0.7'], test: [compile, { command: fail, screencmd: 'make -j all' }] },
  },
  running: build(600),
  other: { project: 'nightly', phases: { test: [{ command: 'sleep 600', screencmd: 'make nightly' }] } },
  more: { project: 'nightly', phases: { test: [{ command: 'sleep 600', screencmd: 'make soak' }] } },
  queued: { project: 'store', phases: { test: ['make check'] } },
  blocked: { project: 'train', requires: { labels: { gpu: 'a100' } }, phases: { test: ['python train.py'] } },
};

/** Jobs that were there before, so that it is known how long they take; one in five fails. */
const before = Array.from({ length: 20 }, (_, run) => ({
  project: run % 3 === 0 ? 'store' : 'web',
  phases: {
    test: [
      run % 5 === 4
        ? { command: `sleep 0.${run % 4}; exit 1`, screencmd: 'npm run lint' }
        : { command: `sleep 1.${run % 4}`, screencmd: run % 3 === 0 ? 'make check' : 'npm test' },
    ],
  },
}));

async function submit(url, job) {
  const answer = await fetch(`${url}/api/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(job),
  });
  return (await answer.json()).id;
}

async function done(url, id) {
  while ((await (await fetch(`${url}/api/jobs/${id}`)).json()).status !== 'done') await sleep(100);
}

const post = (url, body) => fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** Schedules with results: one that is well, one that fails now and then, one that is paused. */
async function addSchedules(url) {
  const zone = 'Europe/Vienna';
  const quick = (command, screencmd) => ({ phases: { test: [{ command, screencmd }] } });
  for (const schedule of [
    { name: 'nightly', description: 'the whole suite', when: { cron: '30 2 * * *', zone }, job: quick('true', 'make nightly') },
    { name: 'links', when: { every: 'hourly' }, job: quick('exit $(( $(date +%s) % 2 ))', 'npm run check-links') },
    { name: 'weekly-clean', when: { cron: '0 5 * * 0', zone }, overlap: 'queue', job: quick('true', 'docker system prune') },
  ]) {
    await post(`${url}/api/schedules`, schedule);
    for (let run = 0; run < 6; run += 1) {
      await done(url, (await (await post(`${url}/api/schedules/${schedule.name}/run`, {})).json()).id);
    }
  }
  await post(`${url}/api/schedules/weekly-clean/pause`, { reason: 'the disks are being replaced' });
}

async function submitAll(url) {
  const old = [];
  for (const job of [build(40), build(44), build(48), ...before]) old.push(await submit(url, job));
  for (const id of old) await done(url, id);
  await fetch(`${url}/api/views/${encodeURIComponent('what failed in store')}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ filter: { outcome: 'failed', project: 'store' } }),
  });
  await addSchedules(url);
  const ids = {};
  for (const [name, job] of Object.entries(jobs)) {
    ids[name] = await submit(url, job);
    if (name === 'passed' || name === 'failed') await done(url, ids[name]);
  }
  return ids;
}

async function shoot(url, ids) {
  const pages = {
    overview: '/',
    jobs: '/jobs',
    failed: `/jobs/${ids.failed}`,
    running: `/jobs/${ids.running}`,
    waiting: `/jobs/${ids.blocked}`,
    queued: `/jobs/${ids.queued}`,
    'new-job': `/jobs/new?from=${ids.passed}`,
    drones: '/drones',
    drone: '/drones/linux-01',
    schedules: '/schedules',
    schedule: '/schedules/nightly',
    'new-schedule': '/schedules?new=nightly',
    tokens: '/settings/tokens',
  };
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-sync'],
  });
  for (const colorScheme of ['light', 'dark'])
    for (const [width, height] of [
      [1440, 900],
      [390, 844],
    ]) {
      const context = await browser.newContext({ colorScheme, viewport: { width, height }, reducedMotion: 'reduce' });
      const page = await context.newPage();
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(url + path);
        await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
        // Until what is loaded has been drawn; nothing on the page says so.
        await sleep(800);
        await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`) });
      }
      await context.close();
    }
  await browser.close();
}

await main(async () => {
  await install();
  await buildAll();
  const data = mkdtempSync(join(tmpdir(), 'skep-screenshots-'));
  mkdirSync(folder, { recursive: true });
  try {
    const [, url] = await start('the queen', ['queen', '--port', '0', '--data', join(data, 'queen')], /skep queen ready at (\S+)/);
    for (const [name, speed, capacity] of [
      ['linux-01', '240', '2'],
      ['linux-02', '120', '1'],
    ])
      await start(
        `drone ${name}`,
        [
          'drone',
          '--queen',
          url,
          '--name',
          name,
          '--speed',
          speed,
          '--capacity',
          capacity,
          '--label',
          'pool=build',
          '--data',
          join(data, name),
        ],
        /skep drone .* ready/,
      );
    await shoot(url, await submitAll(url));
    say(`the pages are in ${folder}`);
  } finally {
    await stopAll();
    rmSync(data, { recursive: true, force: true });
  }
});
