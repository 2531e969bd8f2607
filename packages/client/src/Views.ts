import { type JobsFilter, parseAs, View, ViewsAnswer } from '@skep/protocol';
import type { Http } from './Http.js';

/** The filters of jobs that have a name, for everybody. Errors are SkepErrors. */
export class Views {
  constructor(private readonly http: Http) {}

  /** All of them, by name. */
  async list(): Promise<View[]> {
    return parseAs(ViewsAnswer, await this.http.json('GET', '/api/views'), 'The list of views').views;
  }

  /** Keeps a filter under a name, in place of what had that name. @throws {SkepError} TOO_MANY_VIEWS */
  async put(name: string, filter: JobsFilter): Promise<View> {
    return parseAs(View, await this.http.json('PUT', pathOf(name), { body: { filter }, repeatable: true }), 'The view');
  }

  /** @throws {SkepError} VIEW_NOT_FOUND */
  async remove(name: string): Promise<void> {
    await this.http.json('DELETE', pathOf(name), { repeatable: true });
  }
}

const pathOf = (name: string): string => `/api/views/${encodeURIComponent(name)}`;
