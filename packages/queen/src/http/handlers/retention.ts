import { RetentionAnswer } from '@skep/protocol';
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
