import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import { defineHandler, type HandlerContext } from '../defineHandler.js';
import { TaskError, thrownWords } from '../TaskError.js';

/** How long a server may say nothing. */
const SILENCE_MS = 60_000;
const GiB = 1024 ** 3;

const Address = z.url({ protocol: /^https?$/, error: 'must be an http or https address' });
const Wanted = z.object({
  url: Address,
  name: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[^/\\\0]+$/, 'must be the name of a file')
    .optional()
    .describe("In the folder; the address's last part if absent."),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'must be 64 hexadecimal digits')
    .optional()
    .describe('What its bytes must have.'),
  headers: z.record(z.string(), z.string()).optional(),
});
const Input = z.object({
  files: z.array(Wanted).min(1).max(100),
  to: z.string().refine(isAbsolute, 'must be an absolute path').optional().describe('A folder on the drone; one of the attempt if absent.'),
  maxBytes: z
    .number()
    .int()
    .positive()
    .max(1024 * GiB)
    .default(GiB)
    .describe('Of all files together.'),
});
const Output = z.object({
  folder: z.string(),
  files: z.array(z.object({ url: z.string(), file: z.string(), bytes: z.number(), sha256: z.string() })),
});

/** Gets files over http(s) into a folder of the drone, one after another. A file is there whole or not at all. */
export const fetch = defineHandler({
  name: 'fetch',
  input: Input,
  output: Output,
  run: async (context, { files, to, maxBytes }) => {
    const folder = to ?? (await context.folder());
    await mkdir(folder, { recursive: true });
    const got: z.infer<typeof Output>['files'] = [];
    let left = maxBytes;
    for (const wanted of files) {
      const file = join(folder, wanted.name ?? nameIn(wanted.url));
      const { bytes, sha256 } = await fetchFile(context, wanted, file, left);
      left -= bytes;
      got.push({ url: wanted.url, file, bytes, sha256 });
      context.progress({ files: got.length, of: files.length, bytes: maxBytes - left });
    }
    return { folder, files: got };
  },
});

async function fetchFile(
  { signal, id, attempt }: HandlerContext,
  { url, sha256: wanted, headers = {} }: z.infer<typeof Wanted>,
  file: string,
  maxBytes: number,
): Promise<{ bytes: number; sha256: string }> {
  const part = join(dirname(file), `.${basename(file).slice(0, 100)}.${id}.${attempt}.part`);
  const silent = new AbortController();
  const timer = setTimeout(() => silent.abort(), SILENCE_MS);
  const hash = createHash('sha256');
  let bytes = 0;
  const count = new Transform({
    transform(chunk: Buffer, _, done) {
      timer.refresh();
      bytes += chunk.length;
      if (bytes > maxBytes) return done(new TaskError('too-large', `${url} and what came before it have more bytes than maxBytes allows`));
      hash.update(chunk);
      done(null, chunk);
    },
  });
  try {
    const response = await globalThis.fetch(url, { headers, signal: AbortSignal.any([signal, silent.signal]) });
    if (!response.ok || !response.body)
      throw new TaskError('fetch-failed', `${url} answered ${response.status} ${response.statusText}`.trim());
    await pipeline(Readable.fromWeb(response.body as never), count, createWriteStream(part), { signal });
    const sha256 = hash.digest('hex');
    if (wanted && wanted.toLowerCase() !== sha256)
      throw new TaskError('digest-differs', `${url} has the SHA-256 ${sha256}, and ${wanted.toLowerCase()} was asked for`);
    await rename(part, file);
    return { bytes, sha256 };
  } catch (error) {
    if (error instanceof TaskError || signal.aborted) throw error;
    if (silent.signal.aborted) throw new TaskError('fetch-failed', `${url} sent nothing for ${SILENCE_MS / 1000} s`);
    const { cause } = error as Error;
    throw new TaskError('fetch-failed', `${url}: ${thrownWords(cause ?? error)}`, { cause: error });
  } finally {
    clearTimeout(timer);
    await rm(part, { force: true });
  }
}

/** The last part of an address, as the name of a file. */
function nameIn(url: string): string {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  // What stands for no file of its own in a folder is not a name.
  const name = decodeURIComponent(last.replace(/%(?![0-9a-f]{2})/gi, '%25')).replace(/[/\\\0]/g, '_');
  return ['', '.', '..'].includes(name) ? 'index' : name.slice(0, 255);
}
