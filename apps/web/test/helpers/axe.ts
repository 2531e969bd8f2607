import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe finds wrong on a page, each as its rule and where. */
export async function violations(page: Page): Promise<string[]> {
  // By the debugger: the policy of the page forbids scripts of elsewhere.
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(axe.source);
  return page.evaluate<string[]>(`axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
    .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ' ' + target.join(' ') + ' ' + failureSummary)))`);
}

/** How many pixels the page is wider than its window. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate<number>('Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)');

/** Looks at what is shown in the other theme too, as narrow as a page may be; each complaint with what was looked at. */
export async function flaws(page: Page, name: string): Promise<string[]> {
  const found: string[] = [];
  for (const [colorScheme, width] of [
    ['dark', 320],
    ['light', 1440],
  ] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 900 });
    const wrong = [...(await violations(page)), ...((await overflow(page)) > 0 ? ['wider than its window'] : [])];
    found.push(...wrong.map((what) => `${name}, ${colorScheme}, ${width} px: ${what}`));
  }
  return found;
}

/** Goes to another page of the queen as a link does, without loading anything anew. */
export const visit = (page: Page, path: string): Promise<void> => page.evaluate(`history.pushState(null, '', ${JSON.stringify(path)})`);
