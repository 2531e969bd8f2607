import { Retention, RetentionAnswer } from '@skep/protocol';
import { route } from '../route.js';

export const planRetention = route({
  method: 'get',
  path: '/api/retention',
  summary: 'What is kept, and which jobs the next hourly round would remove; asking removes nothing.',
  scope: 'admin',
  answer: { status: 200, schema: RetentionAnswer },
  async handle(_request, { retention }) {
    return { json: await retention.plan() };
  },
});

export const tryRetention = route({
  method: 'post',
  path: '/api/retention/plan',
  summary: 'Which jobs other bounds than those that hold would remove now; asking removes and changes nothing.',
  scope: 'admin',
  body: Retention,
  answer: { status: 200, schema: RetentionAnswer },
  async handle({ body }, { retention }) {
    return { json: await retention.plan(body) };
  },
});
