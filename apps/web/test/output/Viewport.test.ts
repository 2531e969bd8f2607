import { expect, test } from '@jest/globals';
import { Viewport } from '../../src/output/Viewport.js';

function aViewport(rows: number) {
  const scroller = { scrollTop: 0, clientHeight: 600 };
  const viewport = new Viewport(scroller);
  viewport.rows = rows;
  const scroll = (to: number): number => {
    scroller.scrollTop = to;
    viewport.scrolled(() => 20);
    return viewport.top;
  };
  return { viewport, scroller, scroll };
}

test('rows that fit are where the scroll bar says', () => {
  const { viewport, scroll } = aViewport(1000);
  expect([viewport.height, scroll(2000), scroll(2010)]).toEqual([20_000, 100, 100.5]);
});

test('of more rows than fit, a turn of the wheel moves by what it says and the scroll bar reaches all', () => {
  const { viewport, scroll } = aViewport(2_000_000);
  expect(viewport.height).toBe(8_000_000);
  expect(scroll(100)).toBe(5);
  expect(scroll(200)).toBe(10);
  expect(Math.round(scroll(4_000_000))).toBeCloseTo(1_000_000, -3);
  expect(scroll(8_000_000 - 600)).toBe(2_000_000 - 30);
  expect(scroll(0)).toBe(0);
});

test('the end is the end, and what is gone to is on top', () => {
  const { viewport, scroller } = aViewport(1000);
  viewport.goToEnd();
  expect([viewport.top, viewport.isAtEnd, scroller.scrollTop]).toEqual([970, true, 19_400]);
  viewport.goTo(10);
  expect([viewport.top, viewport.isAtEnd, scroller.scrollTop]).toEqual([10, false, 200]);
});

test('wrapped rows move by the heights that they have', () => {
  const { viewport, scroller } = aViewport(100);
  viewport.isWrapped = true;
  scroller.scrollTop = 70;
  viewport.scrolled((row) => (row === 0 ? 60 : 20));
  expect(viewport.top).toBe(1.5);
});
