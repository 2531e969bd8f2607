import {
  NextQuery,
  NextTimes,
  PauseBody,
  PreviewQuery,
  Schedule,
  ScheduleBody,
  ScheduleChange,
  ScheduleName,
  SchedulesAnswer,
  SubmitAnswer,
} from '@skep/protocol';
import { z } from 'zod';
import { route } from '../route.js';

const params = z.object({ name: ScheduleName });

export const listSchedules = route({
  method: 'get',
  path: '/api/schedules',
  summary: 'All schedules, by name.',
  scope: 'admin',
  answer: { status: 200, schema: SchedulesAnswer },
  handle: (_request, { schedules }) => ({ json: { schedules: schedules.list() } }),
});

export const addSchedule = route({
  method: 'post',
  path: '/api/schedules',
  summary: 'Add a schedule. Answered when it is durable.',
  scope: 'admin',
  body: ScheduleBody,
  answer: { status: 201, schema: Schedule },
  async handle({ body }, { schedules }) {
    return { headers: { Location: `/api/schedules/${body.name}` }, json: await schedules.add(body) };
  },
});

export const showSchedule = route({
  method: 'get',
  path: '/api/schedules/:name',
  summary: 'A schedule, its next times and its last results.',
  scope: 'admin',
  params,
  answer: { status: 200, schema: Schedule },
  handle: ({ params }, { schedules }) => ({ json: schedules.get(params.name) }),
});

export const changeSchedule = route({
  method: 'patch',
  path: '/api/schedules/:name',
  summary: 'Change a schedule. What is absent stays; where `when` changes, it counts from now on.',
  scope: 'admin',
  params,
  body: ScheduleChange,
  answer: { status: 200, schema: Schedule },
  async handle({ params, body }, { schedules }) {
    return { json: await schedules.change(params.name, body) };
  },
});

export const removeSchedule = route({
  method: 'delete',
  path: '/api/schedules/:name',
  summary: 'Forget a schedule. Its jobs stay.',
  scope: 'admin',
  params,
  answer: { status: 204 },
  async handle({ params }, { schedules }) {
    await schedules.remove(params.name);
    return { empty: true };
  },
});

export const pauseSchedule = route({
  method: 'post',
  path: '/api/schedules/:name/pause',
  summary: 'Have a schedule make no jobs until it is resumed.',
  scope: 'admin',
  params,
  body: PauseBody.optional(),
  answer: { status: 200, schema: Schedule },
  async handle({ params, body }, { schedules }) {
    return { json: await schedules.pause(params.name, body?.reason) };
  },
});

export const resumeSchedule = route({
  method: 'post',
  path: '/api/schedules/:name/resume',
  summary: 'Have a schedule make jobs again, from its next time on.',
  scope: 'admin',
  params,
  answer: { status: 200, schema: Schedule },
  async handle({ params }, { schedules }) {
    return { json: await schedules.resume(params.name) };
  },
});

export const runSchedule = route({
  method: 'post',
  path: '/api/schedules/:name/run',
  summary: 'Run a schedule now; nothing changes in its times.',
  scope: 'admin',
  params,
  answer: { status: 201, schema: SubmitAnswer },
  async handle({ params }, { schedules }) {
    const { id } = await schedules.run(params.name);
    return { headers: { Location: `/api/jobs/${encodeURIComponent(id)}` }, json: { id } };
  },
});

export const nextOfSchedule = route({
  method: 'get',
  path: '/api/schedules/:name/next',
  summary: 'The next times of a schedule; while it is paused, those at which it would run.',
  scope: 'admin',
  params,
  query: NextQuery,
  answer: { status: 200, schema: NextTimes },
  handle: ({ params, query }, { schedules }) => ({ json: { times: schedules.next(params.name, query.n) } }),
});

export const previewSchedule = route({
  method: 'get',
  path: '/api/next-times',
  summary: 'The next times of a schedule as somebody types it, or what is wrong with it and where.',
  scope: 'admin',
  query: PreviewQuery,
  answer: { status: 200, schema: NextTimes },
  handle: ({ query }, { schedules }) => ({ json: schedules.preview(query) }),
});
