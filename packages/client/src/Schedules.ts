import {
  type DueTime,
  NextTimes,
  type PreviewQuery,
  parseAs,
  Schedule,
  type ScheduleBody,
  type ScheduleChange,
  SchedulesAnswer,
  SubmitAnswer,
} from '@skep/protocol';
import type { Http } from './Http.js';

/** What a queen does by itself, and when. Errors are SkepErrors; a name that there is not is a SCHEDULE_NOT_FOUND. */
export class Schedules {
  constructor(private readonly http: Http) {}

  /** All of them, by name. */
  async list(): Promise<Schedule[]> {
    return parseAs(SchedulesAnswer, await this.http.json('GET', '/api/schedules'), 'The list of schedules').schedules;
  }

  async get(name: string): Promise<Schedule> {
    return parsed(await this.http.json('GET', pathOf(name)));
  }

  /** @throws {SkepError} SCHEDULE_EXISTS, INVALID_SCHEDULE */
  async add(schedule: ScheduleBody): Promise<Schedule> {
    return parsed(await this.http.json('POST', '/api/schedules', { body: schedule }));
  }

  /** Changes what is given; all else stays. @throws {SkepError} INVALID_SCHEDULE */
  async change(name: string, change: ScheduleChange): Promise<Schedule> {
    return parsed(await this.http.json('PATCH', pathOf(name), { body: change, repeatable: true }));
  }

  /** Forgets a schedule; its jobs stay. */
  async remove(name: string): Promise<void> {
    await this.http.json('DELETE', pathOf(name));
  }

  /** Has it make no jobs until it is resumed. */
  async pause(name: string, reason?: string): Promise<Schedule> {
    const body = reason === undefined ? {} : { reason };
    return parsed(await this.http.json('POST', `${pathOf(name)}/pause`, { body, repeatable: true }));
  }

  async resume(name: string): Promise<Schedule> {
    return parsed(await this.http.json('POST', `${pathOf(name)}/resume`, { body: {}, repeatable: true }));
  }

  /** Runs it now; nothing changes in its times. */
  async run(name: string): Promise<SubmitAnswer> {
    return parseAs(SubmitAnswer, await this.http.json('POST', `${pathOf(name)}/run`, { body: {} }), 'The answer');
  }

  /** Its next times; while it is paused, those at which it would run. */
  async next(name: string, count: number): Promise<DueTime[]> {
    return parseAs(NextTimes, await this.http.json('GET', `${pathOf(name)}/next`, { query: { n: count } }), 'The times').times;
  }

  /** When a schedule would run that there is not yet, or what is wrong with it and where. */
  async preview(query: PreviewQuery): Promise<NextTimes> {
    return parseAs(NextTimes, await this.http.json('GET', '/api/next-times', { query }), 'The times');
  }
}

const pathOf = (name: string): string => `/api/schedules/${encodeURIComponent(name)}`;

const parsed = (answer: unknown): Schedule => parseAs(Schedule, answer, 'The schedule');
