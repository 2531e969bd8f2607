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
