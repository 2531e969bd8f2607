import { Stats, StatsQuery } from '@skep/protocol';
import { route } from '../route.js';

export const showStats = route({
  method: 'get',
  path: '/api/stats',
  summary: 'What became of jobs over the last hours, how long they waited, and what is going on now.',
  scope: 'admin',
  query: StatsQuery,
  answer: { status: 200, schema: Stats },
  async handle({ query }, { stats }) {
    return { json: await stats.of(query.hours) };
  },
});
