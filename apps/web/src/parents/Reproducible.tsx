import type { JobInfo, JobSummary } from '@skep/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { useFeed } from '../feed/useFeed.js';
import { Failed } from '../parts/States.js';
import { count } from '../words.js';

const SHOWN = 5;

/** Whether both builds of a job are the same and, if not, in what they differ. */
export function Reproducible({ job, builds: [a, b] }: { job: JobInfo; builds: readonly JobSummary[] }) {
  const { client } = useFeed();
  const isDone = job.status === 'done' && a !== undefined && b !== undefined;
  const { data, error } = useQuery({
    queryKey: ['compare', a?.id, b?.id],
    queryFn: () => client.compare(a?.id ?? '', b?.id ?? ''),
    enabled: isDone,
  });
  if (job.status !== 'done') return <p className="faint">Whether they are the same is known when both are built.</p>;
  if (!isDone)
    return (
      <p>
        <strong>Not known whether it is reproducible:</strong> it was not built twice.
      </p>
    );
  if (error) return <Failed what="The builds cannot be compared." error={error} />;
  if (!data) return null;
  const different = data.artifacts.filter(({ state }) => state !== 'equal');
  return (
    <p>
      <strong>Reproducible: {data.sameArtifacts ? 'yes' : 'no'}.</strong>{' '}
      {data.sameArtifacts
        ? `Both left the same ${count(data.artifacts.length, 'file')} behind.`
        : data.artifacts.length === 0
          ? 'Neither left anything behind that could prove it.'
          : `${count(different.length, 'file')} not the same: ${different
              .slice(0, SHOWN)
              .map(({ path }) => path)
              .join(', ')}${different.length > SHOWN ? ' …' : ''}.`}{' '}
      <Link href={`/compare?${new URLSearchParams({ a: a.id, b: b.id })}`}>Compare the builds</Link>
    </p>
  );
}
