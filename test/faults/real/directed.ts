import { describe } from '@jest/globals';
import type { JobInfo } from '@skep/protocol';
import { textOf } from './fixtures/text.mjs';
import type { Site } from './Site.js';

/** Tests that find processes by /proc. */
export const onLinux = process.platform === 'linux' ? describe : describe.skip;
if (process.platform !== 'linux') console.log('skipped: tests with real processes find them by /proc');

/** So much is printed by a command of `submitTalk`. */
export const TALK_BYTES = 200_000;

/** Submits a job of one command that prints for so many ms, over the callers' line. */
export async function submitTalk(site: Site, id: string, ms: number, more: object = {}): Promise<void> {
  const job = { id, phases: { test: [site.talk(id, { seed: ms, bytes: TALK_BYTES, ms })] }, ...more };
  if (!(await site.submit(job))) throw new Error(`${id} was not acknowledged`);
}

/** Whether one attempt's stdout is there to the byte. */
export async function isWhole(site: Site, id: string, ms: number, attempt = 1): Promise<boolean> {
  const stored = await site.output(id, { attempt: String(attempt), command: '0', stream: 'stdout' });
  return stored.equals(Buffer.concat([...textOf(ms, TALK_BYTES)]));
}

/** The job once its command has printed something. */
export const talking = (site: Site, id: string, attempt = 1): Promise<JobInfo> =>
  site.jobWhen(id, (job) => job.attempt === attempt && job.output.bytes > 0, `attempt ${attempt} prints`);
