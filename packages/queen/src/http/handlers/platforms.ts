import { DropBody, Platform, PlatformName, PlatformsAnswer } from '@skep/protocol';
import { z } from 'zod';
import { route } from '../route.js';

const params = z.object({ name: PlatformName });

export const listPlatforms = route({
  method: 'get',
  path: '/api/platforms',
  summary: 'All platforms that drones name or that are dropped, by name.',
  scope: 'admin',
  answer: { status: 200, schema: PlatformsAnswer },
  handle: (_request, { platforms }) => ({ json: { platforms: platforms.list() } }),
});

export const dropPlatform = route({
  method: 'post',
  path: '/api/platforms/:name/drop',
  summary: 'Give the drones of a platform no jobs until it is restored, and have fan-outs leave its cells out; what runs goes on.',
  scope: 'admin',
  params,
  body: DropBody.optional(),
  answer: { status: 200, schema: Platform },
  async handle({ params, body }, { platforms }) {
    return { json: await platforms.drop(params.name, body?.reason) };
  },
});

export const restorePlatform = route({
  method: 'post',
  path: '/api/platforms/:name/restore',
  summary: 'Let the drones of a dropped platform have jobs again.',
  scope: 'admin',
  params,
  answer: { status: 200, schema: Platform },
  async handle({ params }, { platforms }) {
    return { json: await platforms.restore(params.name) };
  },
});
