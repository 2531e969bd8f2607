import type { Children, JobInfo, JobSummary } from '@skep/protocol';
import { Link } from 'wouter';
import { useJobs } from '../feed/queries.js';
import { jobPath } from '../parts/jobActions.js';
import { LoadMore } from '../parts/LoadMore.js';
import { Failed, Skeleton } from '../parts/States.js';
import { JobStatus } from '../parts/Status.js';
import { Took } from '../parts/Time.js';
import { count, sentence } from '../words.js';
import { childrenWords } from './childrenWords.js';
import { gridOf } from './grid.js';
import { Reproducible } from './Reproducible.js';

/** What a parent consists of: the cells of its matrix, or the two builds that have to be the same. */
export function ChildrenPanel({ job, family }: { job: JobInfo; family: Children }) {
  const { jobs, error, isLoading, isLoadingMore, hasMore, loadMore, reload } = useJobs({ parent: job.id }, 'oldest', 500);
  const kind = family.kind === 'cells' ? 'Cells' : 'Builds';
  return (
    <section className="panel children" aria-labelledby="children">
      <h2 id="children">{kind}</h2>
      <p>{sentence(childrenWords(family))}.</p>
      {family.leftOut?.map(({ platform, cells, reason }) => (
        <p key={platform} className="hue-amber">
          {count(cells, 'cell')} left out: {platform} was dropped{reason !== undefined && `: ${reason}`}
        </p>
      ))}
      {error && <Failed what="They cannot be read." error={error} onRetry={reload} />}
      {isLoading && <Skeleton rows={3} />}
      {jobs.length > 0 && <Grid jobs={jobs} label={kind} />}
      <LoadMore hasMore={hasMore} isLoading={isLoadingMore} onMore={loadMore} />
      {family.kind === 'builds' && <Reproducible job={job} builds={jobs} />}
    </section>
  );
}

function Grid({ jobs, label }: { jobs: readonly JobSummary[]; label: string }) {
  const { across, columns, rows } = gridOf(jobs);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what may be wider than its box must be scrollable by keyboard
    <div className="scroll" tabIndex={0}>
      <table className="cells" aria-label={label}>
        {across !== undefined && (
          <thead>
            <tr>
              <td />
              {columns.map((column) => (
                <th key={column} scope="col">
                  <span className="faint">{across}</span> {column}
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {rows.map(({ name, cells }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {cells.map((job, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the columns are always the same
                <td key={index}>{job ? <CellOf job={job} /> : <span className="faint">–</span>}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function CellOf({ job }: { job: JobSummary }) {
  return (
    <Link href={jobPath(job.id)} className="plain-link">
      <JobStatus job={job} />
      <span className="job-note">
        <Took from={job.started} to={job.finished} />
        {job.drone !== undefined && ` on ${job.drone}`}
      </span>
    </Link>
  );
}
