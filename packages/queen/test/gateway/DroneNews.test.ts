import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { DroneSummary } from '@skep/protocol';
import { DroneNews } from '../../src/gateway/DroneNews.js';

const drone = (id: string, waiting: number): DroneSummary => ({
  id,
  name: id,
  speed: 1,
  capacity: 1,
  labels: {},
  plugins: [],
  handlers: [],
  state: 'idle',
  running: [],
  waiting,
  connectedAt: null,
  seenAt: 0,
});

describe('the changes of drones', () => {
  let told: [id: string, waiting: number][];
  let news: DroneNews;

  beforeEach(() => {
    jest.useFakeTimers();
    told = [];
    news = new DroneNews(({ id, waiting }) => told.push([id, waiting]));
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const change = (id: string, ...waiting: number[]): void => {
    for (const count of waiting) news.changed(drone(id, count));
  };

  test('are told at once, of each drone', () => {
    change('a', 1);
    change('b', 2);
    expect(told).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });

  test('that follow soon are told as the last of them', () => {
    change('a', 1, 2, 3);
    expect(told).toEqual([['a', 1]]);
    jest.advanceTimersByTime(100);
    expect(told.slice(1)).toEqual([['a', 3]]);
  });

  test('of a drone that never rests are told ten times a second', () => {
    for (let ms = 0; ms < 1000; ms++) {
      change('a', ms);
      jest.advanceTimersByTime(1);
    }
    expect(told).toHaveLength(11);
  });

  test('are not told after what is newer, such as its death', () => {
    change('a', 1, 2);
    news.supersede('a');
    jest.advanceTimersByTime(1000);
    expect(told).toEqual([['a', 1]]);
  });

  test('are not told after the end', () => {
    change('a', 1, 2);
    news.close();
    jest.advanceTimersByTime(1000);
    expect(told).toEqual([['a', 1]]);
  });
});
