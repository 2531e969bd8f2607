import { SkepError } from '@skep/protocol';
import { z } from 'zod';
import { route } from '../route.js';

const Health = z.object({ status: z.literal('ok'), version: z.string() });

export const healthz = route({
  method: 'get',
  path: '/healthz',
  summary: 'Whether the process answers at all.',
  scope: 'public',
  answer: { status: 200, schema: Health },
  handle: (_request, { version }) => ({ json: { status: 'ok', version } }),
});

export const readyz = route({
  method: 'get',
  path: '/readyz',
  summary: 'Whether the queen takes work: its store answers, and it is not about to stop.',
  scope: 'public',
  answer: { status: 200, schema: Health },
  async handle(_request, { isStopping, reader, version }) {
    if (isStopping()) throw new SkepError('QUEEN_STOPPING');
    await reader.storeBytes();
    return { json: { status: 'ok', version } };
  },
});

export const metrics = route({
  method: 'get',
  path: '/metrics',
  summary: 'Figures for Prometheus.',
  scope: 'admin',
  answer: { status: 200, type: 'text/plain' },
  async handle(_request, { metrics, desk, reader, log }) {
    // A store that fails is when the other figures are wanted most.
    const storeBytes = await reader.storeBytes().catch((error: unknown) => {
      log.warn({ err: error }, 'the store does not say its size');
      return undefined;
    });
    const text = await metrics.text({ jobs: desk.counts(), drones: desk.listDrones(), storeBytes });
    return { headers: { 'Content-Type': metrics.contentType }, text };
  },
});
