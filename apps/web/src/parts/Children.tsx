import type { Children as Family, JobInfo, LeftOut } from '@skep/protocol';
import { useFeed } from '../feed/useFeed.js';
import { useLive } from '../feed/useLive.js';
import { count } from '../words.js';
import { JobTable } from './JobTable.js';
import { Failed, Skeleton } from './States.js';

/** How often the children of a parent that is not over are read again, in ms. */
const AGAIN_MS = 1000;

/** The children of a parent, a row each, and which cells were left out. */
export function Children({ job, family }: { job: JobInfo; family: Family }) {
  const { client } = useFeed();
  const isOver = job.status === 'done';
  const { data, error, refetch } = useLive(['children', job.id, isOver], () => client.children(job.id), isOver ? undefined : AGAIN_MS);
  const name = family.kind === 'cells' ? 'Cells' : 'Builds';
  return (
    <section aria-labelledby="children-title">
      <h2 id="children-title">{name}</h2>
      {family.leftOut?.map((leftOut) => (
        <p key={leftOut.platform}>{leftOutWords(leftOut)}</p>
      ))}
      {data ? data.length > 0 && <JobTable jobs={data} label={`${name} of this job`} isCompact /> : !error && <Skeleton />}
      {error && !data && <Failed what="They cannot be shown." error={error} onRetry={() => void refetch()} />}
    </section>
  );
}

const leftOutWords = ({ platform, cells, reason }: LeftOut): string =>
  `Left out: ${count(cells, 'cell')} of platform ${platform}, which was dropped${reason === undefined ? '' : `: ${reason}`}.`;
