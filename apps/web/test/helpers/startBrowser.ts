import { existsSync } from 'node:fs';
import { describe } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = places.find((place) => existsSync(place));
if (!executablePath) process.stderr.write('skipped: no chromium on this machine (apt-get install chromium)\n');

/** Tests that need a browser; skipped, with a note, where there is none. */
export const describeInBrowser = executablePath ? describe : describe.skip;

export interface View {
  theme?: 'light' | 'dark';
  width?: number;
  height?: number;
}

export interface TestBrowser extends AsyncDisposable {
  /** A new page in a profile of its own. */
  open(address: string, view?: View): Promise<Page>;
  /** What pages have complained of: errors of scripts, refused resources, broken policies. */
  complaints: string[];
}

/** A real Chromium without a screen. @param more flags of it; with any certificate it is content */
export async function startBrowser(more: readonly string[] = []): Promise<TestBrowser> {
  const flags = [...more, '--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
  const browser: Browser = await chromium.launch({ executablePath: executablePath ?? '', args: flags });
  const complaints: string[] = [];
  return {
    complaints,
    async open(address, { theme = 'light', width = 1440, height = 900 } = {}) {
      const context = await browser.newContext({
        colorScheme: theme,
        viewport: { width, height },
        reducedMotion: 'reduce',
        ignoreHTTPSErrors: true,
      });
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      page.on('console', (message) => {
        if (message.type() === 'error' && !message.text().includes('WebSocket connection')) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(String(error)));
      await page.goto(address);
      return page;
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

/** All text of the output as a copy of the whole gives it, without the rows of commands. */
export async function copiedOutput(page: Page): Promise<string> {
  await page.getByRole('log').focus();
  await page.keyboard.press('Control+a');
  const text = await page.evaluate<string>(`(() => {
    const event = new ClipboardEvent('copy', { clipboardData: new DataTransfer(), bubbles: true, cancelable: true });
    document.dispatchEvent(event);
    return event.clipboardData.getData('text/plain');
  })()`);
  return text
    .split('\n')
    .filter((line) => !line.startsWith('$ '))
    .join('\n');
}
