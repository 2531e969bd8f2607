import type { JobSummary } from '@skep/protocol';
import { useQuery } from '@tanstack/react-query';
import { useFeed } from '../feed/useFeed.js';

/** So many jobs of the project and branch are looked through. */
const LOOKED_AT = 100;

/** The job before one, of the same project and branch, that is done; one with the same title if there is any. */
export function usePrevious(id: string): { previous: string | undefined; isPending: boolean; error: unknown } {
  const { client } = useFeed();
  const { data, isPending, error } = useQuery({
    queryKey: ['previous', id],
    queryFn: async () => {
      const { data: job, queued } = await client.query(id);
      if (job.project === undefined) return null;
      const branch = job.ref?.branch;
      const meant = { project: job.project, ...(typeof branch === 'string' && { branch }) };
      const { jobs } = await client.jobs({ ...meant, status: 'done', limit: LOOKED_AT });
      const own = jobs.find((each) => each.id === id);
      const earlier = jobs.filter((each) => each.id !== id && each.queued <= queued && each.parent === own?.parent);
      const alike = (each: JobSummary): boolean => each.title === own?.title;
      return (earlier.find(alike) ?? earlier[0])?.id ?? null;
    },
    retry: false,
  });
  return { previous: data ?? undefined, isPending, error };
}
