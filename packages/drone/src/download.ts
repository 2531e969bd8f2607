import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long the other side may say nothing, in ms. */
const SILENCE_MS = 60_000;
/** How often it is asked again after the line was cut or it had trouble of its own, and how long before the first time, in ms. */
const RETRIES = 3;
const RETRY_MS = 500;

export interface DownloadOptions {
  /** An http(s) address without credentials. */
  readonly url: string;
  readonly basic?: { readonly username: string; readonly password: string } | undefined;
  readonly bearer?: string | undefined;
  /** Where it is written; what is there is overwritten. */
  readonly file: string;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** What cannot become better by asking again. */
class Final extends Error {}

/**
 * Writes what is at an address into a file. After a cut it goes on where it was, if the other side can do that and says that
 * its content is still the same; else from the start.
 * @returns the SHA-256 of the file, in hexadecimal
 * @throws in words: an answer other than 200, too large, silent, or the network's last words; what the signal is aborted with
 */
export async function download(options: DownloadOptions): Promise<string> {
  const file = await open(options.file, 'w');
  try {
    const progress: Progress = { bytes: 0, etag: null };
    for (let retries = 0; !(await fetchRest(options, file, progress, retries)); retries++) {
      await sleep(RETRY_MS * 2 ** retries, undefined, { signal: options.signal });
    }
  } finally {
    await file.close();
  }
  return sha256Of(options.file, options.signal);
}

interface Progress {
  bytes: number;
  /** Names the content of which we have the first bytes; null if the other side cannot say. */
  etag: string | null;
}

/** Whether all is there by now. @throws if there is no sense in asking again */
async function fetchRest(options: DownloadOptions, file: FileHandle, progress: Progress, retries: number): Promise<boolean> {
  const { url, basic, bearer, maxBytes, signal } = options;
  const silence = new AbortController();
  const watch = setTimeout(() => silence.abort(new Error(`${url} said nothing for ${SILENCE_MS / 1000} s`)), SILENCE_MS);
  try {
    const goesOn = progress.bytes > 0 && progress.etag !== null;
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, silence.signal]),
      headers: {
        // Bytes as they rest there: what is counted and asked for by range must be what is written.
        'accept-encoding': 'identity',
        ...(basic && { authorization: `Basic ${Buffer.from(`${basic.username}:${basic.password}`).toString('base64')}` }),
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
        ...(goesOn && progress.etag !== null && { range: `bytes=${progress.bytes}-`, 'if-range': progress.etag }),
      },
    });
    if (response.status >= 500 || response.status === 429) throw new Error(`${url} answers ${response.status}`);
    if (!response.ok || !response.body) throw new Final(`${url} answers ${response.status} ${response.statusText}`.trimEnd());
    if (response.status !== 206) progress.bytes = 0;
    const etag = response.headers.get('etag');
    progress.etag = etag?.startsWith('W/') ? null : etag;
    await file.truncate(progress.bytes);
    for await (const chunk of response.body) {
      watch.refresh();
      if (progress.bytes + chunk.length > maxBytes) throw new Final(`${url} has more than ${maxBytes} bytes`);
      await file.write(chunk, 0, chunk.length, progress.bytes);
      progress.bytes += chunk.length;
    }
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Final || isOfTheDisk(error) || retries >= RETRIES) throw inWords(url, silence.signal.reason ?? error);
    return false;
  } finally {
    clearTimeout(watch);
  }
}

/** Of this machine, not of the network: without an address that was asked. */
const isOfTheDisk = (error: unknown): boolean => error instanceof Error && 'syscall' in error && error.syscall === 'write';

/** fetch itself only says that it failed; why is in the cause. */
function inWords(url: string, error: unknown): unknown {
  if (!(error instanceof TypeError) || !(error.cause instanceof Error)) return error;
  return new Error(`${url}: ${error.cause.message || error.message}`, { cause: error });
}

async function sha256Of(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { signal })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
