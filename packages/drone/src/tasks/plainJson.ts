import { CHUNK_BYTES, checkShape, MAX_EVENT_BYTES, SkepError } from '@skep/protocol';
import { TaskError, thrownWords } from './TaskError.js';

/** The largest result, in bytes of JSON: a frame with it must stay below what a queen takes. */
const MAX_RESULT_BYTES = MAX_EVENT_BYTES - 1024;
/** What a frame holds beside the result has a part of MAX_VALUES and MAX_DEPTH, too. */
const RESULT_SHAPE = { maxDepth: 90, maxValues: 50_000 };

/** The result as JSON has it; nothing is null. @throws {TaskError} bad-output, result-too-large */
export function plainResult(value: unknown): unknown {
  if (value === undefined || value === null || typeof value === 'boolean') return value ?? null;
  const { plain, bytes } = asPlain(value, 'bad-output', 'the result');
  if (bytes > MAX_RESULT_BYTES)
    throw new TaskError(
      'result-too-large',
      `the result has ${bytes} bytes of JSON; ${MAX_RESULT_BYTES} are the most: write a file and return its place`,
    );
  try {
    checkShape(plain, 'the result', RESULT_SHAPE);
  } catch (error) {
    throw new TaskError('result-too-large', error instanceof SkepError ? error.message : thrownWords(error));
  }
  return plain;
}

/** What a handler reports of its progress, as JSON has it. @throws {TaskError} bad-progress */
export function plainProgress(value: unknown): unknown {
  if (value === undefined || value === null || (typeof value === 'number' && Number.isFinite(value))) return value ?? null;
  const { plain, bytes } = asPlain(value, 'bad-progress', 'the progress');
  if (bytes > CHUNK_BYTES) throw new TaskError('bad-progress', `the progress has ${bytes} bytes of JSON; ${CHUNK_BYTES} are the most`);
  return plain;
}

function asPlain(value: unknown, code: string, what: string): { plain: unknown; bytes: number } {
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch (error) {
    throw new TaskError(code, `${what} has no JSON: ${thrownWords(error)}`);
  }
  if (json === undefined) throw new TaskError(code, `${what} has no JSON: it is a ${typeof value}`);
  return { plain: JSON.parse(json), bytes: Buffer.byteLength(json) };
}
