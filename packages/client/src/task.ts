import type { Job, Outcome } from '@skep/protocol';
import { type FollowItem, isOutput } from './followItem.js';

export interface TaskOptions {
  /** Whatever else the job shall have: `id`, `priority`, `timeout`, `retry`, `requires`, ... */
  job?: Omit<Job, 'job_type' | 'data'>;
  /** Called with what the task says of its progress. */
  progress?: (value: unknown) => void;
  /** Called with what the task writes. */
  output?: (bytes: Uint8Array) => void;
  /** Aborted: the job is cancelled, and the promise rejects when it has ended. */
  signal?: AbortSignal;
}

/** A task ended without a result. */
export class TaskFailed extends Error {
  override readonly name = 'TaskFailed';

  /**
   * @param code what the drone or the queen said, such as `handler-failed`, `bad-input`, `cancelled`, or a handler's own
   */
  constructor(
    readonly jobId: string,
    readonly outcome: Outcome,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The result of a task that is followed from its beginning; of several attempts, that of the last.
 * @throws {TaskFailed}
 */
export async function resultOf(id: string, items: AsyncIterable<FollowItem>, { progress, output }: TaskOptions): Promise<unknown> {
  let attempt = 0;
  let result: unknown = null;
  let error: { code: string; message: string } | undefined;
  for await (const item of items) {
    if (item.type === 'connection') continue;
    if (item.type === 'summary') {
      const { status, outcome, reason } = item.summary;
      if (status !== 'done') continue;
      if (outcome === 'passed') return result;
      const code = error?.code ?? reason ?? String(outcome);
      throw new TaskFailed(id, outcome ?? 'errored', code, error?.message ?? `The task ended as ${outcome}`);
    }
    if (item.attempt !== attempt) {
      attempt = item.attempt;
      result = null;
      error = undefined;
    }
    if (isOutput(item)) output?.(item.args[1]);
    else if (item.name === 'job:progress') progress?.(item.args[0]);
    else if (item.name === 'job:result') [result] = item.args;
    else if (item.name === 'job:errored') [error] = item.args;
  }
  throw new TaskFailed(id, 'errored', 'left', 'The task was not followed to its end');
}
