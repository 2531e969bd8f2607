import {
  CancelAnswer,
  CancelBody,
  FacetsAnswer,
  JobAnswer,
  JobId,
  JobSummary,
  JobsFilter,
  JobsPage,
  JobsQuery,
  JobWhy,
  PriorityBody,
  SubmitAnswer,
  SubmitBody,
} from '@skep/protocol';
import { z } from 'zod';
import type { DroneDesk } from '../../ports.js';
import { route } from '../route.js';

const params = z.object({ id: JobId });

export const submitJob = route({
  method: 'post',
  path: '/api/jobs',
  summary: 'Submit a job. Answered when it is durable; a job whose id is known already is not made again.',
  scope: 'admin',
  body: SubmitBody,
  isBodyRaw: true,
  answer: { status: 201, schema: SubmitAnswer },
  async handle({ body }, { desk }) {
    const { id } = await desk.submit(body);
    return { headers: { Location: addressOf(id) }, json: { id } };
  },
});

export const listJobs = route({
  method: 'get',
  path: '/api/jobs',
  summary: 'Jobs, newest or oldest first, a page at a time.',
  scope: 'admin',
  query: JobsQuery,
  answer: { status: 200, schema: JobsPage },
  async handle({ query: { drone, ...query } }, { desk, reader }) {
    return { json: await reader.page({ ...query, ...(drone !== undefined && { drone: idOf(desk, drone) }) }) };
  },
});

export const countJobs = route({
  method: 'get',
  path: '/api/facets',
  summary: 'How many jobs each filter of the list of jobs would show, counted under the other filters.',
  scope: 'admin',
  query: JobsFilter,
  answer: { status: 200, schema: FacetsAnswer },
  async handle({ query: { drone, ...query } }, { desk, reader }) {
    return { json: await reader.facets({ ...query, ...(drone !== undefined && { drone: idOf(desk, drone) }) }) };
  },
});

export const showJob = route({
  method: 'get',
  path: '/api/jobs/:id',
  summary: 'The whole job with the newest output of each command: the data of `job:info`.',
  scope: 'admin',
  params,
  answer: { status: 200, schema: JobAnswer },
  async handle({ params }, { reader }) {
    return { json: await reader.info(params.id) };
  },
});

export const explainJob = route({
  method: 'get',
  path: '/api/jobs/:id/why',
  summary: 'Why a job waits, what each drone has to do with it, what would let it start, and when it probably starts and ends.',
  scope: 'admin',
  params,
  answer: { status: 200, schema: JobWhy },
  async handle({ params }, { desk }) {
    return { json: await desk.why(params.id) };
  },
});

export const cancelJob = route({
  method: 'post',
  path: '/api/jobs/:id/cancel',
  summary: 'End a job. Answered when the wish is durable, with the status by then; a job that is done stays as it is.',
  scope: 'admin',
  params,
  body: CancelBody.optional(),
  answer: { status: 202, schema: CancelAnswer },
  async handle({ params, body }, { desk }) {
    return { json: await desk.cancel(params.id, body?.reason) };
  },
});

export const changePriority = route({
  method: 'post',
  path: '/api/jobs/:id/priority',
  summary:
    'Give a job another priority: where it stands in line changes at once, and counts for all its attempts to come. Answered when it is durable.',
  scope: 'admin',
  params,
  body: PriorityBody,
  answer: { status: 200, schema: JobSummary },
  async handle({ params, body }, { desk, reader }) {
    await desk.setPriority(params.id, body.priority);
    return { json: await reader.summary(params.id) };
  },
});

export const retryJob = route({
  method: 'post',
  path: '/api/jobs/:id/retry',
  summary: 'Submit a done job again, as a new job that names this one.',
  scope: 'admin',
  params,
  answer: { status: 201, schema: SubmitAnswer },
  async handle({ params }, { desk }) {
    const { id } = await desk.retry(params.id);
    return { headers: { Location: addressOf(id) }, json: { id } };
  },
});

/** The id of a drone that was given by its id or its name. */
const idOf = (desk: Pick<DroneDesk, 'listDrones'>, drone: string): string =>
  desk.listDrones().find(({ id, name }) => id === drone || name === drone)?.id ?? drone;

const addressOf = (id: string): string => `/api/jobs/${encodeURIComponent(id)}`;
