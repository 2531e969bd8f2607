import { type JobSummary, SkepError } from '@skep/protocol';
import { AGAIN_MS, Deadline, pause } from './deadline.js';
import { type FollowItem, itemsOf } from './followItem.js';
import { Inbox } from './Inbox.js';
import type { Link } from './Link.js';

export interface FollowOptions {
  /** The first event that is wanted; 0, the beginning, if absent. */
  cursor?: number;
  /** Aborted: the iteration ends, without an error. */
  signal?: AbortSignal;
  /** Milliseconds that the queen may be away before the iteration throws QUEEN_UNREACHABLE; 10 minutes if absent. */
  awayMs?: number;
}

const AWAY_MS = 600_000;

/**
 * Every event of a job from a cursor on, in order, none missing and none twice whatever becomes of the connection, and
 * the job's summary whenever it changes. Ends when the job is done and all its events were given; the summary that says
 * so comes last. The queen sends on only as fast as items are taken.
 * @throws {SkepError} JOB_NOT_FOUND, QUEEN_UNREACHABLE, and what the queen refuses for good
 */
export async function* follow(
  link: Link,
  id: string,
  { cursor: from = 0, signal, awayMs = AWAY_MS }: FollowOptions,
): AsyncGenerator<FollowItem, void, void> {
  let cursor = from;
  let isLost = false;
  const inbox = new Inbox(link, id, signal);
  try {
    for (;;) {
      await link.connected(new Deadline(awayMs), signal);
      if (signal?.aborted) return;
      if (!(await watch(link, id, cursor, inbox))) continue;
      if (isLost) yield { type: 'connection', state: 'regained' };
      isLost = false;
      let done: JobSummary | undefined;
      while (!done || cursor < done.cursor) {
        const letter = await inbox.take();
        if (letter === 'aborted') return;
        if (letter === 'lost') {
          isLost = true;
          yield { type: 'connection', state: 'lost' };
          break;
        }
        if (letter.type === 'summary') {
          if (letter.summary.status === 'done') done = letter.summary;
          else yield letter;
          continue;
        }
        const { frame } = letter;
        if (frame.cursor > cursor && letter.isEarly) continue;
        if (frame.cursor > cursor) throw new SkepError('SEQ_GAP', `Events ${cursor} to ${frame.cursor - 1} of job ${id} did not come`);
        for (const item of itemsOf(frame, cursor)) {
          yield item;
          cursor = item.cursor + 1;
        }
        cursor = Math.max(cursor, frame.cursor + frame.events.length);
        letter.acknowledge();
      }
      if (done && cursor >= done.cursor) {
        yield { type: 'summary', summary: done };
        return;
      }
    }
  } finally {
    inbox.close();
    link.say('job:unwatch', id);
  }
}

/** Whether the watch stands; if not, the connection is new and it must be asked again. */
async function watch(link: Link, id: string, cursor: number, inbox: Inbox): Promise<boolean> {
  try {
    inbox.begin();
    await link.askOnce('job:watch', [id, { cursor, frames: true }], undefined, () => inbox.answered());
    return true;
  } catch (error) {
    if (!(error instanceof SkepError) || (error.code !== 'TIMED_OUT' && error.code !== 'QUEEN_STOPPING')) throw error;
    await pause(AGAIN_MS);
    link.reconnect();
    return false;
  }
}
