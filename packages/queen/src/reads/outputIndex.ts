import { type OutputIndex, SkepError } from '@skep/protocol';
import type { Store } from '@skep/store';
import { outputInfoOf } from './attemptInfoOf.js';
import { chosenAttempt } from './output.js';

/**
 * What is known of an attempt's output without reading it; of the latest attempt if `attempt` is absent.
 * @throws JOB_NOT_FOUND, ATTEMPT_NOT_FOUND; also before the first attempt
 */
export async function outputIndexOf(store: Store, id: string, attempt: number | undefined): Promise<OutputIndex> {
  if (!(await store.job(id))) throw new SkepError('JOB_NOT_FOUND', `There is no job ${id}`);
  const record = chosenAttempt(id, await store.attempts(id), attempt);
  if (!record) throw new SkepError('ATTEMPT_NOT_FOUND', `Job ${id} has no attempt yet`);
  return { attempt: record.attempt, output: outputInfoOf(record) };
}
