/**
 * `npm run screenshots`: every page in both themes, wide and narrow, of a queen with three drones and jobs of its own, into
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

const report = `mkdir -p report dist
cat > report/index.html <<'END'
<!doctype html><title>Coverage</title><style>body{font:16px sans-serif;margin:32px}td{padding:4px 24px 4px 0}b{color:#176b34}</style>
<h1>Coverage <b>94 %</b></h1><table><tr><td>src/store<td><b>97 %</b><tr><td>src/http<td><b>91 %</b><tr><td>src/web<td><b>88 %</b></table>
END
cat > report/junit.xml <<'END'
<testsuites><testsuite name="web">
<testcase classname="store" name="opens what it wrote" time="0.21"/><testcase classname="store" name="grants one lease" time="1.52"/>
<testcase classname="http" name="serves a range" time="0.09"/><testcase classname="http" name="streams a zip" time="2.31">
<failure message="expected 200, received 503">AssertionError: expected 200, received 503
    at test/http/zip.test.ts:41:9
    at run (node:internal/test:112:4)</failure></testcase><testcase classname="web" name="folds a command" time="0.4"><skipped/></testcase>
</testsuite></testsuites>
END
echo '{"tests": 214, "passed": 213}' > report/summary.json
printf '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><circle cx="12" cy="12" r="10" fill="#8a5a00"/></svg>' > report/chart.svg
head -c 1400000 /dev/zero | tr '\\0' "$MARK" > dist/app.tar.gz`;

/** A build that leaves files behind; the mark is in one of them. */
const publish = (mark, mode) => ({
  project: 'web',
  ref: { branch: 'main' },
  env: { MARK: mark, NODE_ENV: mode },
  phases: {
    prepare: [{ command: 'echo 214 packages in 2 s; sleep 0.7', screencmd: 'npm ci' }],
    test: [{ command: `seq -f "test %g ok" 1 40; ${report}`, screencmd: 'npm test -- --report' }],
  },
  artifacts: ['report/**', 'dist/*'],
});

const matrix = {
  project: 'web',
  ref: { branch: 'main' },
  phases: { test: [{ command: 'sleep 0.6; test "$SKEP_MATRIX_NODE" != 20', screencmd: 'npm run test:all' }] },
  matrix: { platform: ['debian-12', 'freebsd-14'], node: [20, 22], exclude: [{ platform: 'freebsd-14', node: 20 }] },
};

const jobs = {
  earlier: publish('a', 'test'),
  passed: publish('b', 'production'),
  matrix,
  failed: {
    project: 'store',
    phases: { prepare: ['./configure || sleep 0.7'], test: [compile, { command: fail, screencmd: 'make -j all' }] },
  },
  running: build(600),
  other: { project: 'nightly', phases: { test: [{ command: 'sleep 600', screencmd: 'make nightly' }] } },
  more: { project: 'nightly', phases: { test: [{ command: 'sleep 600', screencmd: 'make soak' }] } },
  docs: { project: 'web', phases: { test: [{ command: 'sleep 600', screencmd: 'npm run docs' }] } },
  queued: { project: 'store', phases: { test: ['make check'] } },
  blocked: { project: 'train', requires: { labels: { gpu: 'a100' } }, phases: { test: ['python train.py'] } },
};

/** Jobs that were there before, so that it is known how long they take; one in five fails. */
const before = Array.from({ length: 20 }, (_, run) => ({
  project: run % 3 === 0 ? 'store' : 'web',
  ref: { branch: run % 3 === 0 ? 'fix/lease-epoch' : 'main' },
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
    if (['earlier', 'passed', 'matrix', 'failed'].includes(name)) await done(url, ids[name]);
  }
  return ids;
}

async function shoot(url, ids) {
  const pages = {
    overview: '/',
    jobs: '/jobs',
    failed: `/jobs/${ids.failed}`,
    matrix: `/jobs/${ids.matrix}`,
    artifacts: `/jobs/${ids.passed}?tab=artifacts`,
    report: `/jobs/${ids.passed}?tab=artifacts&artifact=report/junit.xml`,
    compare: `/compare?a=${ids.earlier}&b=${ids.passed}`,
    projects: '/projects',
    project: '/projects/web',
    'all-artifacts': '/artifacts',
    running: `/jobs/${ids.running}`,
    waiting: `/jobs/${ids.blocked}`,
    queued: `/jobs/${ids.queued}`,
    'new-job': `/jobs/new?from=${ids.queued}`,
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
    for (const [name, speed, capacity, platform, node] of [
      ['linux-01', '240', '2', 'debian-12', '22'],
      ['linux-02', '120', '1', 'debian-12', '20'],
      ['freebsd-01', '110', '1', 'freebsd-14', '22'],
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
          '--platform',
          platform,
          '--label',
          `node=${node}`,
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
