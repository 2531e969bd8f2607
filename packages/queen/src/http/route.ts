import type { Readable } from 'node:stream';
import type { TokenScope } from '@skep/protocol';
import type { z } from 'zod';
import type { TicketHolder } from '../tickets.js';
import type { HttpDeps } from './HttpDeps.js';

/** A request whose parts are what the route's schemas say. */
export interface RouteRequest<Params = unknown, Query = unknown, Body = unknown> {
  params: Params;
  query: Query;
  body: Body;
  /** The body as it comes in, for a route that `takesStream`; it is read there alone. */
  stream: Readable;
  /** Such as `GET`; a route for that is asked with `HEAD` too. */
  method: string;
  /** The path that was asked for, as it stood in the request. */
  path: string;
  /** A header by its lower-case name. */
  header(name: string): string | undefined;
  /** The attempt that asks, if it showed its ticket; only where the route takes tickets. */
  holder: TicketHolder | undefined;
  /** Whether who asks takes gzip, and would rather have it. */
  acceptsGzip: boolean;
}

/** What a handler answers with. */
export type Answer = {
  /** That of the route's `answer` if absent. */
  status?: number;
  headers?: Record<string, string>;
} & (
  | { json: unknown }
  | { text: string }
  | { empty: true }
  /** Read only as fast as the other side takes it; the signal says that nobody does any more. */
  | { stream: (signal: AbortSignal) => AsyncIterable<Uint8Array>; isLive: boolean; isGzipped: boolean }
);

/** One address and method: what is asked, what is answered, and who may. */
export interface Route {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As express writes it: `/api/jobs/:id`. */
  path: string;
  summary: string;
  /** The scope of the token that it needs where tokens are needed. */
  scope: TokenScope | 'public';
  /** Where nobody needs a token for it after all. */
  isPublicIf?(deps: HttpDeps): boolean;
  /** Whether the ticket of an attempt opens it too; the handler then sees to it that it is the right one. */
  takesTickets?: boolean;
  /** Whether a link to it opens it too (`POST /api/links`). */
  takesLinks?: boolean;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** The body is handed on as it came: whoever takes it judges it, and `body` only describes it. */
  isBodyRaw?: boolean;
  /** The body is any number of bytes, read by the handler; it may take as long as they come. */
  takesStream?: boolean;
  /** What it answers with when all is well; JSON of this schema, or of another media type. */
  answer: { status: number; schema?: z.ZodType; type?: string };
  handle(request: RouteRequest, deps: HttpDeps): Answer | Promise<Answer>;
}

type Parsed<S> = S extends z.ZodType ? z.infer<S> : undefined;

/** A route whose handler is given what its schemas say. */
export const route = <
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(
  definition: Omit<Route, 'params' | 'query' | 'body' | 'handle'> & {
    params?: P;
    query?: Q;
    body?: B;
    handle(request: RouteRequest<Parsed<P>, Parsed<Q>, Parsed<B>>, deps: HttpDeps): Answer | Promise<Answer>;
  },
): Route => definition as Route;
