/** `node apps/web/bench.mjs`: a million coloured lines, live and finished, in a real browser. Needs what `npm run build` makes, and chromium. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { start, stopAll } from '../../scripts/lib/fleet.mjs';
import { main } from '../../scripts/lib/run.mjs';

const LINES = 1_000_000;
const WITHIN = { timeout: 120_000 };
const awk = String.raw`awk 'BEGIN { for (i = 1; i <= ${LINES}; i++) printf "\033[32m[%7d]\033[0m Building object \033[1;34msrc/module/file.c.o\033[0m and more text here ok\n", i }'`;

const observe = `window.longest = 0; new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
}).observe({ type: 'longtask', buffered: true });`;

const row = (what, value) => process.stdout.write(`${what.padEnd(58)} ${value}\n`);
const since = (at) => `${((performance.now() - at) / 1000).toFixed(1)} s`;

async function measure(url) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
  const open = async (path) => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.addInitScript(observe);
    await page.goto(url + path);
    return page;
  };
  const longest = async (page) => `${Math.round(await page.evaluate('window.longest'))} ms`;
  const live = await open('/');
  // The command waits until its page is there.
  const go = join(tmpdir(), `skep-bench-${process.pid}`);
  const body = JSON.stringify({
    phases: { test: [{ command: `until [ -e ${go} ]; do sleep 0.05; done; rm ${go}; ${awk}`, screencmd: 'print' }] },
  });
  const submitted = await fetch(`${url}/api/jobs`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const { id } = await submitted.json();
  await live.goto(`${url}/jobs/${id}`);
  await live.getByText('running', { exact: true }).first().waitFor(WITHIN);
  const from = performance.now();
  writeFileSync(go, '');
  await live.locator('.row .text', { hasText: `[${LINES}]` }).waitFor(WITHIN);
  row(`${LINES.toLocaleString()} lines live: the last one is seen after`, since(from));
  const session = await live.context().newCDPSession(live);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  row('heap of the page then', `${(usedSize / 1e6).toFixed(1)} MB`);
  row('its longest task', await longest(live));
  const asked = performance.now();
  await live.getByLabel('Search the output').fill('[ 999999]');
  await live.locator('.found', { hasText: /^1 found$/ }).waitFor(WITHIN);
  row('all of it searched in', since(asked));
  await live.close();

  const opened = performance.now();
  const finished = await open(`/jobs/${id}#L${LINES / 2}`);
  await finished.locator('.row.is-linked .text', { hasText: `[ ${LINES / 2}]` }).waitFor(WITHIN);
  row(`finished, opened at line ${(LINES / 2).toLocaleString()}: on screen after`, since(opened));
  await finished.getByText(`All ${LINES.toLocaleString()} lines`).waitFor({ ...WITHIN, state: 'attached' });
  row('all of it there after', since(opened));
  row('its longest task', await longest(finished));
  await browser.close();
}

await main(async () => {
  const data = mkdtempSync(join(tmpdir(), 'skep-bench-web-'));
  try {
    const [, url] = await start('the queen', ['queen', '--port', '0', '--data', join(data, 'queen')], /skep queen ready at (\S+)/);
    await start(
      'the drone',
      ['drone', '--queen', url, '--name', 'd', '--speed', '10', '--data', join(data, 'drone')],
      /skep drone .* ready/,
    );
    await measure(url);
  } finally {
    await stopAll();
    rmSync(data, { recursive: true, force: true });
  }
});
