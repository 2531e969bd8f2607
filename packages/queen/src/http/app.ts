import { SkepError } from '@skep/protocol';
import express, { type Express } from 'express';
import { answerErrors } from './errors.js';
import type { HttpDeps } from './HttpDeps.js';
import { setHeaders, shareWithOrigins } from './headers.js';
import { mountRoutes, visitorOf } from './mount.js';
import { routes } from './routes.js';

/** The queen over HTTP: REST, figures, health and pages. It listens to nothing by itself: hand it to an `http.Server`. */
export function createHttp(deps: HttpDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use(setHeaders);
  app.use((request, _response, next) => {
    deps.access.checkName(visitorOf(request));
    next();
  });
  app.use(shareWithOrigins(deps.access));
  mountRoutes(app, routes, deps);
  app.use((request) => {
    throw new SkepError('ROUTE_NOT_FOUND', `Nothing is served at ${request.path.slice(0, 200)}`);
  });
  app.use(answerErrors(deps));
  return app;
}
