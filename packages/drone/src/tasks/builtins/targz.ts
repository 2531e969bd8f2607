import { mkdir, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import * as z from 'zod';
import { defineHandler } from '../defineHandler.js';
import { TaskError, thrownWords } from '../TaskError.js';

const GiB = 1024 ** 3;
const Path = z.string().refine(isAbsolute, 'must be an absolute path');
const Input = z.object({
  files: z
    .array(z.object({ file: Path }))
    .min(1)
    .max(100)
    .describe('Archives, as `fetch` returns them.'),
  to: Path.optional().describe('A folder on the drone; one of the attempt if absent.'),
  maxBytes: z
    .number()
    .int()
    .positive()
    .max(1024 * GiB)
    .default(4 * GiB)
    .describe('Of all that is unpacked.'),
  maxEntries: z.number().int().positive().max(10_000_000).default(1_000_000),
});

/** Unpacks archives of tar, gzipped or not, into a folder of the drone. Nothing is written outside of it. */
export const targz = defineHandler({
  name: 'targz',
  input: Input,
  output: z.object({ folder: z.string(), entries: z.number(), bytes: z.number() }),
  run: async (context, { files, to, maxBytes, maxEntries }) => {
    const { extract } = await import('tar');
    const folder = to ?? join(await context.folder(), 'unpacked');
    await mkdir(folder, { recursive: true });
    let entries = 0;
    let bytes = 0;
    for (const { file } of files) {
      let over: TaskError | undefined;
      const filter = (_: string, entry: { size?: number }): boolean => {
        entries += 1;
        bytes += entry.size ?? 0;
        if (entries > maxEntries) over ??= new TaskError('too-large', `${file} has more entries than maxEntries allows`);
        if (bytes > maxBytes) over ??= new TaskError('too-large', `${file} has more bytes than maxBytes allows`);
        return over === undefined && !context.signal.aborted;
      };
      try {
        await stat(file);
        // Strict: an archive that is cut off or no archive at all is an error, not an empty one.
        await extract({ file, cwd: folder, strict: true, filter: filter as never });
      } catch (error) {
        throw over ?? new TaskError('unpack-failed', `${file}: ${thrownWords(error)}`, { cause: error });
      }
      if (over) throw over;
      context.signal.throwIfAborted();
      context.progress({ entries, bytes });
    }
    return { folder, entries, bytes };
  },
});
