import { type ErrorAnswer, JobId, OutputIndex, OutputIndexQuery, OutputQuery, SkepError } from '@skep/protocol';
import { z } from 'zod';
import type { Output } from '../../reads/output.js';
import { type ByteRange, byteRangeOf } from '../byteRange.js';
import { linesOf, textOf } from '../outputForms.js';
import { type Answer, type RouteRequest, route } from '../route.js';

const params = z.object({ id: JobId });
type OutputRequest = RouteRequest<z.infer<typeof params>, OutputQuery>;

const types = { text: 'text/plain; charset=utf-8', ndjson: 'application/x-ndjson; charset=utf-8' };

export const showOutput = route({
  method: 'get',
  path: '/api/jobs/:id/output',
  summary:
    'What the commands of a job wrote, byte for byte and in order: all, or a part; as text, or as ndjson with an object for each chunk ' +
    '{cursor, command, stream, firstLine, lines, firstByte, at, text or base64}. `X-Skep-Cursor` says where the job stood, and ' +
    '`X-Skep-Output` the state of the output: where it is partial, `/output/index` says what is missing at which place. ' +
    'The plain text of an attempt that has ended can be had in ranges (`Range: bytes=...`).',
  scope: 'admin',
  params,
  query: OutputQuery,
  answer: { status: 200, type: 'text/plain' },
  async handle(request, { reader }) {
    const output = await reader.output(request.params.id, request.query);
    const range = isRangeable(request.query, output) ? rangeAskedFor(request, output) : undefined;
    if (range === undefined) return whole(request, output);
    if (range === 'unsatisfiable') return unsatisfiable(output);
    const part = await reader.output(request.params.id, {
      ...request.query,
      attempt: output.attempt?.attempt,
      bytes: `${range.first}-${range.last}`,
    });
    return {
      status: 206,
      headers: { ...headersOf(request, part), 'Content-Range': `bytes ${range.first}-${range.last}/${sizeOf(output)}` },
      stream: (signal) => textOf(part.pages(signal)),
      isLive: false,
      isGzipped: false,
    };
  },
});

export const showOutputIndex = route({
  method: 'get',
  path: '/api/jobs/:id/output/index',
  summary:
    "What is known of an attempt's output without reading it: its size and state, where something is missing, and, with `errors` and once the " +
    'attempt has ended, which lines tell of errors. That is found once, and kept.',
  scope: 'admin',
  params,
  query: OutputIndexQuery,
  answer: { status: 200, schema: OutputIndex },
  async handle({ params, query }, { reader, errorIndex }) {
    const index = await reader.outputIndex(params.id, query.attempt);
    if (!query.errors || index.output.state === 'growing') return { json: index };
    return { json: { ...index, errors: await errorIndex.of(params.id, index) } };
  },
});

function whole(request: OutputRequest, output: Output): Answer {
  const { format, follow } = request.query;
  const isGzipped = request.acceptsGzip && !follow;
  const { 'Content-Length': length, ETag: tag, ...headers } = headersOf(request, output);
  return {
    headers: {
      ...headers,
      Vary: 'Accept-Encoding',
      ...(length !== undefined && !isGzipped && { 'Content-Length': length }),
      ...(tag !== undefined && !isGzipped && { ETag: tag }),
    },
    stream: (signal) => (format === 'text' ? textOf(output.pages(signal)) : linesOf(output.pages(signal))),
    isLive: follow,
    isGzipped,
  };
}

function headersOf({ query }: OutputRequest, output: Output): Record<string, string> {
  const tag = tagOf(output);
  return {
    'Content-Type': types[query.format],
    'X-Skep-Cursor': String(output.cursor),
    ...(output.attempt && { 'X-Skep-Output': output.attempt.outputState }),
    ...(query.format === 'text' && output.bytes !== undefined && { 'Content-Length': String(output.bytes) }),
    ...(isRangeable(query, output) && { 'Accept-Ranges': 'bytes', ...(tag !== undefined && { ETag: tag }) }),
  };
}

/** Only what cannot change any more can be put together from ranges. */
const isRangeable = ({ format, follow, bytes }: OutputQuery, { attempt, bytes: size }: Output): boolean =>
  format === 'text' && !follow && bytes === undefined && size !== undefined && attempt?.endedAt != null;

const sizeOf = ({ bytes = 0 }: Output): number => bytes;

const tagOf = ({ attempt }: Output): string | undefined => (attempt?.sha256 == null ? undefined : `"${attempt.sha256}"`);

function rangeAskedFor({ header }: OutputRequest, output: Output): ByteRange | 'unsatisfiable' | undefined {
  const condition = header('if-range');
  if (condition !== undefined && condition !== tagOf(output)) return undefined;
  return byteRangeOf(header('range'), sizeOf(output));
}

function unsatisfiable(output: Output): Answer {
  const error = new SkepError('RANGE_NOT_SATISFIABLE', `The range lies outside the output, which has ${sizeOf(output)} bytes`);
  const json: z.infer<typeof ErrorAnswer> = { error: error.toBody() };
  return { status: error.status, headers: { 'Content-Range': `bytes */${sizeOf(output)}` }, json };
}
