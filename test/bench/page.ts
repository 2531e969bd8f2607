import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job } from '@skep/protocol';
import { type Browser, chromium, type Page } from 'playwright-core';
import { median } from './lib/compare.js';
import { goals, type Question, type Row } from './lib/Row.js';
import { startSkep } from './lib/startSkep.js';

const LINES = 1_000_000;
const MIDDLE = LINES / 2;
/** Each takes about half a minute. */
const TURNS = 3;
const WITHIN = { timeout: 120_000 };
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

const print = String.raw`awk 'BEGIN { for (i = 1; i <= ${LINES}; i++) printf "\033[32m[%d]\033[0m Building object \033[1;34msrc/module/file.c.o\033[0m and more text here ok\n", i }'`;

/** Keeps the longest task of the page, in ms. */
const observe = `window.longest = 0; new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
}).observe({ type: 'longtask', buffered: true });`;

const figures = {
  live: { figure: `${words(LINES)} ANSI lines live: written to the last one seen`, unit: 's', goal: goals.atMost(8, 's') },
  heap: { figure: 'heap of the page then', unit: 'MB', goal: goals.atMost(20, 'MB') },
  liveTask: { figure: 'its longest task', unit: 'ms', goal: goals.atMost(200, 'ms') },
  search: { figure: 'all of it searched by the queen', unit: 's', goal: undefined },
  opened: { figure: `finished, opened at line ${words(MIDDLE)}: on screen`, unit: 's', goal: goals.atMost(1.5, 's') },
  whole: { figure: 'all of it there', unit: 's', goal: undefined },
  openedTask: { figure: 'its longest task', unit: 'ms', goal: goals.atMost(200, 'ms') },
} as const;
type Figures = Record<keyof typeof figures, number>;

/** A million coloured lines (81 MB) in the page of a job, as they are written and when they are. */
export const page: Question = {
  name: 'page',
  question: 'the page of a job in Chromium',
  run: async () => {
    if (!existsSync(executablePath)) {
      process.stderr.write(`  skipped: no browser at ${executablePath} (apt-get install chromium, or CHROMIUM=...)\n`);
      return [];
    }
    await using skep = await startSkep({ capacity: 1, tasks: false });
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    try {
      const turns: Figures[] = [];
      for (let turn = 1; turn <= TURNS; turn++) {
        const taken = await measure(browser, skep.url, join(skep.folder, 'go'));
        turns.push(taken);
        const said = Object.entries(taken).map(([name, value]) => `${name} ${value.toPrecision(3)}`);
        process.stderr.write(`  run ${turn}  ${said.join(', ')}\n`);
      }
      return Object.entries(figures).map(([name, { goal, ...figure }]): Row => {
        const skep = median(turns.map((turn) => turn[name as keyof Figures]));
        return { ...figure, skep, ...(goal && { goal }) };
      });
    } finally {
      await browser.close();
    }
  },
};

/** @param go the command waits until there is a file here, so that its page is there first */
async function measure(browser: Browser, url: string, go: string): Promise<Figures> {
  const job: Job = {
    phases: { test: [{ command: `until [ -e ${go} ]; do sleep 0.05; done; ${print}`, screencmd: 'print' }] },
  };
  const id = await submit(url, job);
  const live = await open(browser, `${url}/jobs/${id}`);
  await live.getByText('running', { exact: true }).first().waitFor(WITHIN);
  const written = performance.now();
  await writeFile(go, '');
  await live.locator('.row .text', { hasText: `[${LINES}]` }).waitFor(WITHIN);
  const liveSeconds = since(written);
  await rm(go);
  const heap = (await heapOf(live)) / 1e6;
  const liveTask = await longestTask(live);
  await live.getByText(`All ${words(LINES)} lines`).waitFor({ ...WITHIN, state: 'attached' });
  const asked = performance.now();
  await live.getByLabel('Search the output').fill(`[${LINES - 1}]`);
  await live.locator('.found', { hasText: /^1 found$/ }).waitFor(WITHIN);
  const search = since(asked);
  await live.context().close();

  const opening = performance.now();
  const finished = await open(browser, `${url}/jobs/${id}#L${MIDDLE}`);
  await finished.locator('.row.is-linked .text', { hasText: `[${MIDDLE}]` }).waitFor(WITHIN);
  const opened = since(opening);
  await finished.getByText(`All ${words(LINES)} lines`).waitFor({ ...WITHIN, state: 'attached' });
  const whole = since(opening);
  const openedTask = await longestTask(finished);
  await finished.context().close();
  return { live: liveSeconds, heap, liveTask, search, opened, whole, openedTask };
}

async function open(browser: Browser, address: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const opened = await context.newPage();
  await opened.addInitScript(observe);
  await opened.goto(address);
  return opened;
}

async function submit(url: string, job: Job): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/api/jobs`, { method: 'POST', headers, body: JSON.stringify(job) });
  const { id } = (await answer.json()) as { id: string };
  return id;
}

/** Bytes that the page holds, all garbage gone. */
async function heapOf(opened: Page): Promise<number> {
  const session = await opened.context().newCDPSession(opened);
  await session.send('HeapProfiler.collectGarbage');
  return (await session.send('Runtime.getHeapUsage')).usedSize;
}

const longestTask = (opened: Page): Promise<number> => opened.evaluate<number>('window.longest');
const since = (at: number): number => (performance.now() - at) / 1000;

function words(lines: number): string {
  return lines.toLocaleString('en');
}
