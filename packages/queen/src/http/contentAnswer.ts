import { type ErrorAnswer, SkepError } from '@skep/protocol';
import type { z } from 'zod';
import type { Contents } from '../artifacts/Contents.js';
import { byteRangeOf } from './byteRange.js';
import type { Answer, RouteRequest } from './route.js';

/** A content as it is answered with. */
export interface AnsweredContent {
  sha256: string;
  size: number;
  headers: Record<string, string>;
  /** Where it can be had without the queen, if anywhere; undefined if it must not be had there. */
  address: (() => Promise<string | undefined>) | undefined;
}

/**
 * Answers with a content, or the part of it that was asked for; with nothing where whoever asks has it already, and with
 * another address where it is to be had there and who asks can follow.
 */
export async function contentAnswer(
  request: RouteRequest,
  contents: Contents,
  { sha256, size, headers, address }: AnsweredContent,
): Promise<Answer> {
  const { header } = request;
  const tag = `"${sha256}"`;
  const common = { ...headers, ETag: tag, 'Accept-Ranges': 'bytes' };
  if (namesTag(header('if-none-match'), tag)) return { status: 304, headers: common, empty: true };
  const elsewhere = canFollow(request) ? await address?.() : undefined;
  if (elsewhere !== undefined) return { status: 302, headers: { ...headers, ETag: tag, Location: elsewhere }, empty: true };
  const condition = header('if-range');
  const range = condition === undefined || condition === tag ? byteRangeOf(header('range'), size) : undefined;
  if (range === 'unsatisfiable') {
    const error = new SkepError('RANGE_NOT_SATISFIABLE', `The range lies outside the file, which has ${size} bytes`);
    const json: z.infer<typeof ErrorAnswer> = { error: error.toBody() };
    return { status: error.status, headers: { 'Content-Range': `bytes */${size}` }, json };
  }
  const content = await contents.read(sha256, range);
  const length = range ? range.last - range.first + 1 : size;
  return {
    status: range ? 206 : 200,
    headers: {
      ...common,
      'Content-Length': String(length),
      ...(range && { 'Content-Range': `bytes ${range.first}-${range.last}/${size}` }),
    },
    stream: () => content,
    isLive: false,
    isGzipped: false,
  };
}

const namesTag = (given: string | undefined, tag: string): boolean | undefined =>
  given?.split(',').some((each) => each.trim().replace(/^W\//, '') === tag || each.trim() === '*');

/**
 * Whether who asks gets the same from another address: not by HEAD, for which that is not signed; not a part, whose `If-Range`
 * names our tag; and not the script of a page, which may read nothing of elsewhere.
 */
const canFollow = ({ method, header }: RouteRequest): boolean =>
  method === 'GET' && header('range') === undefined && ['document', undefined].includes(header('sec-fetch-dest'));
