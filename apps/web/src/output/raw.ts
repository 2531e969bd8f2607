import type { SkepClient } from '@skep/client';
import { queenUrl } from '../base.js';

/** As it was written, or in JSON lines that say when each piece was written, by which command, and where. */
export type RawFormat = 'text' | 'ndjson';

/** How long the browser is given to take a file over. */
const TAKEN_MS = 60_000;

/** Where the output of an attempt is read without these pages. */
export const rawAddress = (jobId: string, attempt: number, format: RawFormat = 'text'): string =>
  `${queenUrl}/jobs/${encodeURIComponent(jobId)}/log.txt?attempt=${attempt}${format === 'text' ? '' : `&format=${format}`}`;

/** Opens the output in a tab of its own, as far as it has come. @throws {SkepError} why the queen does not give it */
export async function openRaw(client: SkepClient, jobId: string, attempt: number, format: RawFormat): Promise<void> {
  const address = rawAddress(jobId, attempt, format);
  if (await isOpen(address)) window.open(address, '_blank', 'noopener');
  else await fetchRaw(client, jobId, attempt, format);
}

/** Saves the output as a file, as far as it has come. @throws {SkepError} why the queen does not give it */
export async function downloadRaw(client: SkepClient, jobId: string, attempt: number): Promise<void> {
  const address = rawAddress(jobId, attempt);
  if (await isOpen(address)) return save(address, jobId);
  await fetchRaw(client, jobId, attempt, 'text');
}

/** A tab cannot be given a token: what needs one is fetched here. */
async function fetchRaw(client: SkepClient, jobId: string, attempt: number, format: RawFormat): Promise<void> {
  const parts: BlobPart[] = [];
  if (format === 'text') for await (const bytes of client.output(jobId, { attempt })) parts.push(Uint8Array.from(bytes));
  else
    for await (const { bytes, ...place } of client.chunks(jobId, { attempt }))
      parts.push(`${JSON.stringify({ ...place, text: new TextDecoder().decode(bytes) })}\n`);
  const url = URL.createObjectURL(new Blob(parts, { type: 'text/plain; charset=utf-8' }));
  save(url, jobId);
  setTimeout(() => URL.revokeObjectURL(url), TAKEN_MS);
}

const isOpen = async (address: string): Promise<boolean> => (await fetch(address, { method: 'HEAD' })).ok;

function save(address: string, jobId: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = `${jobId}.log.txt`;
  link.click();
}
