import { View, ViewBody, ViewName, ViewsAnswer } from '@skep/protocol';
import { z } from 'zod';
import { route } from '../route.js';

const params = z.object({ name: ViewName });

export const listViews = route({
  method: 'get',
  path: '/api/views',
  summary: 'The filters of jobs that have a name, for everybody.',
  scope: 'admin',
  answer: { status: 200, schema: ViewsAnswer },
  handle: (_request, { views }) => ({ json: { views: views.list() } }),
});

export const putView = route({
  method: 'put',
  path: '/api/views/:name',
  summary: 'Keep a filter under a name, in place of what had that name.',
  scope: 'admin',
  params,
  body: ViewBody,
  answer: { status: 200, schema: View },
  async handle({ params, body }, { views }) {
    return { json: await views.put(params.name, body.filter) };
  },
});

export const dropView = route({
  method: 'delete',
  path: '/api/views/:name',
  summary: 'Forget a view.',
  scope: 'admin',
  params,
  answer: { status: 204 },
  async handle({ params }, { views }) {
    await views.drop(params.name);
    return { empty: true };
  },
});
