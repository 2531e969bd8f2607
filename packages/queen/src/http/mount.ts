import { checkShape, parseAs, SkepError, type TokenScope } from '@skep/protocol';
import express, { type Request, type RequestHandler, type Router } from 'express';
import type { TicketHolder } from '../tickets.js';
import { bearerToken } from './access.js';
import type { HttpDeps } from './HttpDeps.js';
import { OpenAnswers } from './OpenAnswers.js';
import type { Answer, Route, RouteRequest } from './route.js';
import { beginCounting, countAnswer, send } from './send.js';

/** How long a handler may take until it answers; what it streams then is not counted. */
const ANSWER_WITHIN_MS = 30_000;

/** Serves every route of the list, and tells which methods there are where another was tried. */
export function mountRoutes(router: Router, routes: readonly Route[], deps: HttpDeps): void {
  const openAnswers = new OpenAnswers(deps.access);
  const readBody = express.json({ limit: deps.limits.maxPayload, type: () => true });
  for (const route of routes) {
    const authorize: RequestHandler = (request, response, next) => {
      beginCounting(response, route.path);
      const { scope, takesTickets = false, takesLinks = false } = route;
      const isPublic = scope === 'public' || route.isPublicIf?.(deps) === true;
      if (isPublic || (takesLinks && deps.links.isOpen(request.originalUrl))) return next();
      if (takesTickets) response.locals.holder = holderOf(request, scope, deps);
      else response.locals.token = deps.access.check({ ...visitorOf(request), scope });
      next();
    };
    // Who may not come in is turned away before the body is read.
    router[route.method](route.path, authorize, ...(route.body ? [readBody] : []), async (request, response) => {
      const asked = requestOf(route, request, response.locals.holder as TicketHolder | undefined);
      const answer = route.takesStream ? await route.handle(asked, deps) : await withinDeadline(route, deps, asked);
      const status = answer.status ?? route.answer.status;
      countAnswer(response, status, deps.metrics);
      if ('stream' in answer) openAnswers.add(response.locals.token as string | undefined, response);
      await send(answer, request, response.status(status));
    });
  }
  for (const path of new Set(routes.map((route) => route.path))) {
    const methods = routes.filter((route) => route.path === path).map((route) => route.method.toUpperCase());
    router.all(path, (request, response) => {
      response.set('Allow', methods.join(', '));
      throw new SkepError('METHOD_NOT_ALLOWED', `${request.path} does not answer to ${request.method}, but to ${methods.join(' and ')}`);
    });
  }
}

/** Who shows a ticket, which opens nothing when the lease of its attempt has ended. @throws LEASE_ENDED, and what `checkTicket` throws */
function holderOf(request: Request, scope: TokenScope, { access, desk }: HttpDeps): TicketHolder | undefined {
  const holder = access.checkTicket({ ...visitorOf(request), scope });
  if (holder) desk.checkLease(holder.id, holder.attempt, holder.lease);
  return holder;
}

/** Who makes this request. */
export const visitorOf = ({ headers }: Request) => ({
  host: headers.host,
  origin: headers.origin,
  token: bearerToken(headers.authorization),
});

function requestOf(route: Route, request: Request, holder: TicketHolder | undefined): RouteRequest {
  const body: unknown = request.body;
  checkShape(body, 'The body');
  return {
    params: route.params && parseAs(route.params, request.params, 'The address'),
    query: route.query && parseAs(route.query, request.query, 'The query'),
    body: route.body && !route.isBodyRaw ? parseAs(route.body, body, 'The body') : body,
    stream: request,
    method: request.method,
    path: request.path,
    holder,
    header: (name) => request.get(name),
    acceptsGzip: request.acceptsEncodings('gzip', 'identity') === 'gzip',
  };
}

async function withinDeadline(route: Route, deps: HttpDeps, request: RouteRequest): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new SkepError('TIMED_OUT', `No answer within ${ANSWER_WITHIN_MS / 1000} s`)), ANSWER_WITHIN_MS);
  });
  try {
    return await Promise.race([route.handle(request, deps), late]);
  } finally {
    clearTimeout(timer);
  }
}
