import type { JobSummary } from '@skep/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { useFeed } from '../feed/useFeed.js';
import { CopyButton } from '../parts/Copy.js';
import { artifactPath, jobPath } from '../parts/jobActions.js';
import { Failed, Skeleton } from '../parts/States.js';
import { Ago } from '../parts/Time.js';
import { size } from '../words.js';

const SHOWN = 10;

/** What the newest job that passed left behind, each file with the address that always leads to the newest. */
export function LatestArtifacts({ project, job }: { project: string; job: JobSummary }) {
  const { client } = useFeed();
  const { data, error, refetch } = useQuery({ queryKey: ['artifacts', job.id], queryFn: () => client.artifacts.list(job.id) });
  if (error && !data) return <Failed what="The artifacts cannot be listed." error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton rows={2} />;
  return (
    <>
      <p className="faint">
        by <Link href={jobPath(job.id)}>{job.title}</Link>, which passed <Ago at={job.finished ?? job.queued} />
        {data.length === 0 && '; it left no files behind'}
        {data.length > SHOWN && (
          <>
            : the first {SHOWN} of <Link href={`${jobPath(job.id)}?tab=artifacts`}>{data.length} files</Link>
          </>
        )}
      </p>
      <ul className="latest-files">
        {data.slice(0, SHOWN).map((artifact) => (
          <li key={artifact.path}>
            <Link href={artifactPath(artifact)}>{artifact.path}</Link>
            <span className="number faint">{size(artifact.size)}</span>
            <CopyButton text={client.projects.latestAddress(project, artifact.path)} label="Copy latest address" />
          </li>
        ))}
      </ul>
    </>
  );
}
