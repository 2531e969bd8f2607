import { TokenAnswer, TokenBody, TokensAnswer } from '@skep/protocol';
import { z } from 'zod';
import { route } from '../route.js';

export const listTokens = route({
  method: 'get',
  path: '/api/tokens',
  summary: 'The names and scopes of all tokens.',
  scope: 'admin',
  answer: { status: 200, schema: TokensAnswer },
  handle: (_request, { access }) => ({ json: { tokens: access.tokens() } }),
});

export const addToken = route({
  method: 'post',
  path: '/api/tokens',
  summary: 'Make a token. It is shown in this answer and never again.',
  scope: 'admin',
  body: TokenBody,
  answer: { status: 201, schema: TokenAnswer },
  async handle({ body: { name, scope } }, { access }) {
    return { json: await access.addToken(name, scope) };
  },
});

export const dropToken = route({
  method: 'delete',
  path: '/api/tokens/:name',
  summary: 'Take a token back: from now on it opens nothing, and what it opened is closed.',
  scope: 'admin',
  params: z.object({ name: TokenBody.shape.name }),
  answer: { status: 204 },
  async handle({ params }, { access }) {
    await access.dropToken(params.name);
    return { empty: true };
  },
});
