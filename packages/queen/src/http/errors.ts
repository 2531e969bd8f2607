import { type ErrorAnswer, SkepError, toSkepError } from '@skep/protocol';
import type { ErrorRequestHandler } from 'express';
import type { z } from 'zod';
import type { HttpDeps } from './HttpDeps.js';
import { countAnswer } from './send.js';

/** Answers `{error}` with its status. What has no code of ours is logged whole and told only as INTERNAL. */
export const answerErrors =
  (deps: HttpDeps): ErrorRequestHandler =>
  (thrown, request, response, _next) => {
    const error = named(thrown, deps.limits.maxPayload);
    if (error.status >= 500)
      deps.log.error({ err: error.cause ?? error, code: error.code, method: request.method, path: request.path }, 'request failed');
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const body: z.infer<typeof ErrorAnswer> = { error: error.toBody() };
    if (error.code === 'UNAUTHENTICATED') response.set('WWW-Authenticate', 'Bearer');
    countAnswer(response, error.status, deps.metrics);
    response.status(error.status).json(body);
  };

/** What express and its body parser throw, by our names. */
function named(thrown: unknown, maxPayload: number): SkepError {
  if (thrown instanceof SkepError || typeof thrown !== 'object' || thrown === null) return toSkepError(thrown);
  const { type, status } = thrown as { type?: unknown; status?: unknown };
  if (type === 'entity.too.large') return new SkepError('PAYLOAD_TOO_LARGE', `The body is larger than maxPayload (${maxPayload} bytes)`);
  if (type === 'entity.parse.failed') return new SkepError('INVALID_MESSAGE', 'The body is not JSON');
  if (typeof status === 'number' && status >= 400 && status < 500) return new SkepError('INVALID_MESSAGE', 'The request has no valid form');
  return toSkepError(thrown);
}
