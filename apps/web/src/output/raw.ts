import type { SkepClient } from '@skep/client';
import { queenUrl } from '../base.js';

/** How long the browser is given to take a file over. */
const TAKEN_MS = 60_000;

/** Opens the output as plain text in a tab of its own, as far as it has come. */
export async function openRaw(client: SkepClient, jobId: string, attempt: number): Promise<void> {
  const address = `${queenUrl}/jobs/${encodeURIComponent(jobId)}/log.txt?attempt=${attempt}`;
  const answer = await fetch(address, { method: 'HEAD' });
  if (answer.ok) {
    window.open(address, '_blank', 'noopener');
    return;
  }
  // A tab cannot be given a token: what needs one is fetched here.
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const bytes of client.output(jobId, { attempt })) parts.push(Uint8Array.from(bytes));
  const url = URL.createObjectURL(new Blob(parts, { type: 'text/plain; charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${jobId}.log.txt`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), TAKEN_MS);
}
