import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { JobStatus, JobSummary } from '@skep/protocol';
import { JobNews } from '../../src/gateway/JobNews.js';

const summary = (id: string, status: JobStatus): JobSummary => ({
  id,
  status,
  waiting: null,
  attempt: 1,
  phase: null,
  queued: 0,
  started: null,
  finished: null,
  cursor: 0,
  title: 'make',
  job_type: 'TEST',
  priority: 0,
  exitCode: null,
});

describe('the changes of jobs', () => {
  let told: string[];
  let news: JobNews;

  beforeEach(() => {
    jest.useFakeTimers();
    told = [];
    news = new JobNews(({ id, status }) => told.push(`${id} ${status}`));
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test('are gathered, and told as the last of them', () => {
    for (const status of ['queued', 'assigned', 'running'] as const) news.changed(summary('a', status));
    expect(told).toEqual([]);
    jest.advanceTimersByTime(50);
    expect(told).toEqual(['a running']);
  });

  test('are told at once where the job is done, and nothing older after it', () => {
    news.changed(summary('a', 'assigned'));
    news.changed(summary('a', 'done'));
    expect(told).toEqual(['a done']);
    jest.advanceTimersByTime(1000);
    expect(told).toEqual(['a done']);
  });

  test('are told no more once it is closed', () => {
    news.changed(summary('a', 'queued'));
    news.close();
    jest.advanceTimersByTime(1000);
    expect(told).toEqual([]);
  });
});
