import { CancelBody, DrainBody, Job, JobsQuery, OutputQuery, TokenBody } from '@skep/protocol';
import fc from 'fast-check';
import type { z } from 'zod';
import { arbitraryOf } from './arbitraryOf.js';
import { mutate, strange, toJson } from './mutate.js';
import type { Random } from './Random.js';

/** A request as `http.request` takes it. */
export interface HttpRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer | undefined;
}

const SAMPLES = 200;
const bodies = [Job, CancelBody, DrainBody, TokenBody];
const queries = [JobsQuery, OutputQuery];
const methods = ['GET', 'GET', 'GET', 'POST', 'POST', 'POST', 'DELETE', 'PUT', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND'];
const ids = [
  'known',
  'known',
  'known',
  'nobody',
  '',
  '.',
  '..',
  '%00',
  '%ff',
  '%',
  '%2e%2e%2f',
  '__proto__',
  'constructor',
  'a/b',
  'x'.repeat(5000),
];
const ranges = [
  'bytes=0-1',
  'bytes=-1',
  'bytes=9-',
  'bytes=5-1',
  'bytes=0-0,2-3',
  'bytes=x',
  'lines=1-2',
  `bytes=${'9'.repeat(400)}-`,
  'bytes=',
];
const types = ['application/json', 'text/plain', 'application/json; charset=utf-7', 'multipart/form-data', 'a/b;;;=', ''];
const encodings = ['gzip', 'br', 'deflate', 'identity', 'nothing', 'gzip, gzip'];

/** Makes requests of every route, most of them wrong in some way. */
export class HttpRequests {
  readonly #bodies: unknown[];
  readonly #queries: Record<string, unknown>[];

  /** @param routes every route as `METHOD /path/{id}` */
  constructor(
    private readonly routes: readonly string[],
    seed: number,
  ) {
    const sample = (schema: z.ZodType) => fc.sample(arbitraryOf(schema), { seed, numRuns: SAMPLES });
    this.#bodies = bodies.flatMap(sample);
    this.#queries = queries.flatMap(sample) as Record<string, unknown>[];
  }

  next(random: Random): HttpRequest {
    const [usual = 'GET', pattern = '/'] = random.pick(this.routes).split(' ');
    const method = random.chance(0.8) ? usual : random.pick(methods);
    const path = random.chance(0.95) ? pattern.replace(/\{\w+\}/, () => random.pick(ids)) : `/${random.pick(ids)}`;
    const body = method === 'POST' || random.chance(0.05) ? this.#body(random) : undefined;
    return { method, path: path + this.#query(random), headers: headersOf(random), body };
  }

  #query(random: Random): string {
    if (random.chance(0.4)) return '';
    const query = mutate(random.pick(this.#queries), random);
    const pairs = Object.entries(Object(query) as object).map(([key, value]) => `${escaped(key)}=${escaped(JSON.stringify(value) ?? '')}`);
    if (random.chance(0.1))
      pairs.push(random.pick(['%', '%ff=%fe', '=', '&&&', 'lines=1-2&lines=2-3', 'attempt[]=1', '__proto__=1', 'format[a]=text']));
    return `?${pairs.join('&').slice(0, 4000)}`;
  }

  #body(random: Random): Buffer {
    const kind = random.next();
    if (kind < 0.1)
      return Buffer.from(random.pick(['', '{', '[', '1', '"a"', 'null', 'undefined', '{"a":NaN}', '\0', '{"id":"\xff"}']), 'latin1');
    const body = random.pick(this.#bodies);
    const json = toJson(kind < 0.2 ? strange(random) : kind < 0.35 ? body : mutate(body, random), []);
    return Buffer.from(json);
  }
}

/** As an address holds it; of a string in JSON what stands between its quotes. */
const escaped = (json: string): string =>
  encodeURIComponent(
    json
      .replaceAll(/^"|"$/g, '')
      .slice(0, 1000)
      .replaceAll(/\p{Surrogate}/gu, ''),
  );

function headersOf(random: Random): Record<string, string> {
  const headers: Record<string, string> = {};
  if (random.chance(0.2)) headers.range = random.pick(ranges);
  if (random.chance(0.1)) headers['content-type'] = random.pick(types);
  if (random.chance(0.05)) headers['content-encoding'] = random.pick(encodings);
  if (random.chance(0.1)) headers['accept-encoding'] = random.pick(encodings);
  if (random.chance(0.05)) headers['if-range'] = random.pick(['"x"', '', 'Thu, 01 Jan 1970 00:00:00 GMT']);
  if (random.chance(0.05))
    headers.authorization = random.pick(['Bearer', 'Bearer x', 'Basic x', `Bearer ${' '.repeat(5000)}x`, 'x'.repeat(5000)]);
  if (random.chance(0.03)) headers.host = random.pick(['', 'evil.example', '127.0.0.1:x', '[::1', 'localhost@evil', '__proto__']);
  if (random.chance(0.03)) headers.origin = random.pick(['null', 'http://evil.example', 'x', 'http://[']);
  return headers;
}
