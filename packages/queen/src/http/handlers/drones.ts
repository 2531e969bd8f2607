import { DrainBody, DroneSummary, DronesAnswer } from '@skep/protocol';
import { z } from 'zod';
import { route } from '../route.js';

const params = z.object({ id: z.string().min(1).max(200).describe('The id or the name of a drone.') });

export const listDrones = route({
  method: 'get',
  path: '/api/drones',
  summary: 'All drones that are known, connected or not.',
  scope: 'admin',
  answer: { status: 200, schema: DronesAnswer },
  handle: (_request, { desk }) => ({ json: { drones: desk.listDrones() } }),
});

export const drainDrone = route({
  method: 'post',
  path: '/api/drones/:id/drain',
  summary: 'Give a drone no new jobs until it is resumed; what it runs goes on.',
  scope: 'admin',
  params,
  body: DrainBody.optional(),
  answer: { status: 200, schema: DroneSummary },
  async handle({ params, body }, { desk }) {
    return { json: await desk.drain(params.id, body?.reason) };
  },
});

export const resumeDrone = route({
  method: 'post',
  path: '/api/drones/:id/resume',
  summary: 'Let a drained or quarantined drone have jobs again.',
  scope: 'admin',
  params,
  answer: { status: 200, schema: DroneSummary },
  async handle({ params }, { desk }) {
    return { json: await desk.resume(params.id) };
  },
});

export const forgetDrone = route({
  method: 'delete',
  path: '/api/drones/:id',
  summary: 'Forget a drone that is gone; one that comes back is known again.',
  scope: 'admin',
  params,
  answer: { status: 204 },
  async handle({ params }, { desk }) {
    await desk.forget(params.id);
    return { empty: true };
  },
});
