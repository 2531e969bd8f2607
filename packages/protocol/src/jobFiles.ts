import * as z from 'zod';

const isInside = (path: string): boolean => !/^!?[\\/]/.test(path) && !path.split('/').includes('..');
const OUTSIDE = 'must be relative to the workspace, without ..';

const Glob = z
  .string()
  .min(1)
  .max(1024)
  .refine(isInside, OUTSIDE)
  .describe('Files in the workspace, such as `dist/**`; a folder stands for all that is in it, `!` before it takes files out again.');

/** What an attempt leaves behind. */
export const JobArtifacts = z
  .array(
    z.union([
      Glob,
      z.object({
        paths: z.array(Glob).min(1).max(100),
        when: z.enum(['always', 'passed']).optional().describe('`passed`: only if all phases did; `always` if absent.'),
      }),
    ]),
  )
  .max(100)
  .meta({ id: 'JobArtifacts', description: 'Files that the attempt leaves behind, whatever its outcome unless it says otherwise.' });
export type JobArtifacts = z.infer<typeof JobArtifacts>;

/** What may stand between `{{` and `}}` in the key of a cache. */
const KNOWN_TERM = /\{\{ *(?:platform|hashFiles(?: +'[^']+')+) *\}\}/g;

const Key = z
  .string()
  .min(1)
  .max(400)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
  .regex(/^[^\u0000-\u001f\u007f]*$/, 'must have no control characters')
  .refine((key) => !/\{\{|\}\}/.test(key.replace(KNOWN_TERM, '')), "may hold {{ platform }} and {{ hashFiles 'FILE' }}, and no other {{");

/** What a job keeps for the next one of its project. */
export const JobCache = z
  .array(
    z.object({
      key: Key.describe("Such as `npm-{{ platform }}-{{ hashFiles 'package-lock.json' }}`."),
      restore: z
        .array(Key)
        .max(20)
        .optional()
        .describe('Where there is no cache of this key: what the key of another may begin with, the best first.'),
      paths: z.array(z.string().min(1).max(1024).refine(isInside, OUTSIDE).describe('A file or folder in the workspace.')).min(1).max(100),
    }),
  )
  .max(20)
  .meta({
    id: 'JobCache',
    description: 'Folders that a job finds as the last one of its project left them, and that it keeps when it has passed.',
  });
export type JobCache = z.infer<typeof JobCache>;

/**
 * The key of a cache with its terms filled in.
 * @param platform such as `linux-x64`
 * @param hashFiles the digest of files, by their names
 */
export async function cacheKeyOf(key: string, platform: string, hashFiles: (names: string[]) => Promise<string>): Promise<string> {
  const parts: string[] = [];
  let at = 0;
  for (const { 0: term, index } of key.matchAll(KNOWN_TERM)) {
    const names = [...term.matchAll(/'([^']+)'/g)].map(([, name = '']) => name);
    parts.push(key.slice(at, index), names.length === 0 ? platform : await hashFiles(names));
    at = index + term.length;
  }
  return parts.join('') + key.slice(at);
}
