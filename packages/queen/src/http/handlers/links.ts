import { LinkAnswer, LinkBody } from '@skep/protocol';
import { route } from '../route.js';

export const makeLink = route({
  method: 'post',
  path: '/api/links',
  summary: 'An address of an artifact, or of all of a job, that a browser opens without a token for the next five minutes.',
  scope: 'admin',
  body: LinkBody,
  answer: { status: 201, schema: LinkAnswer },
  handle: ({ body }, { links }) => ({ json: links.to(body.address) }),
});
