import type { Project } from '@skep/protocol';
import { Link } from 'wouter';
import { useJobs } from '../feed/queries.js';
import { useFeed } from '../feed/useFeed.js';
import { useLive } from '../feed/useLive.js';
import { JobTable } from '../parts/JobTable.js';
import { JobTicks } from '../parts/JobTicks.js';
import { jobPath, projectPath } from '../parts/jobActions.js';
import { LoadMore } from '../parts/LoadMore.js';
import { Failed, Skeleton } from '../parts/States.js';
import { JobStatus } from '../parts/Status.js';
import { Ago, Took } from '../parts/Time.js';
import { useAddressPart } from '../parts/useAddressPart.js';
import { useTitle } from '../parts/useTitle.js';
import { Badge } from '../projects/Badge.js';
import { LatestArtifacts } from '../projects/LatestArtifacts.js';
import { count, span } from '../words.js';
import '../styles/more.css';

/** What is asked again after jobs have changed, no more often than this. */
const AGAIN_MS = 2000;

/** One project: how each branch stands, what it made last, and its history; `?branch=` is of one branch. */
export function ProjectPage({ name }: { name: string }) {
  const { client } = useFeed();
  const { data, error, isPending, refetch } = useLive(['project', name], () => client.projects.get(name), AGAIN_MS);
  useTitle(name);
  if (data) return <Whole project={data} />;
  return (
    <>
      <h1>{name}</h1>
      {isPending && <Skeleton />}
      {error && <Failed what="The project cannot be shown." error={error} onRetry={() => void refetch()} />}
    </>
  );
}

function Whole({ project }: { project: Project }) {
  const { project: name, recent, counts, branches, usual, made } = project;
  const [branch, setBranch] = useAddressPart('branch');
  const [newest] = recent;
  const done = counts.passed + counts.failed;
  return (
    <>
      <div className="page-head">
        <h1>{name}</h1>
        {newest && <JobStatus job={newest} />}
        <Badge project={project} branch={branch ?? undefined} />
      </div>
      <p className="job-line">
        {[
          ...(counts.active > 0 ? [`${count(counts.active, 'job')} not done`] : []),
          ...(done > 0 ? [`${Math.round((100 * counts.passed) / done)} % of the newest ${count(done, 'job')} passed`] : []),
          ...(usual !== null ? [`usually ${span(usual)}`] : []),
        ].join(' · ')}
      </p>
      <JobTicks jobs={recent} label="Newest results" />
      <section aria-labelledby="branches">
        <h2 id="branches">Branches</h2>
        <Branches branches={branches} chosen={branch} onChoose={setBranch} />
      </section>
      {made && (
        <section aria-labelledby="made-last">
          <h2 id="made-last">Made last</h2>
          <LatestArtifacts project={name} job={made} />
        </section>
      )}
      <section aria-labelledby="history">
        <h2 id="history">History{branch !== null && ` of ${branch}`}</h2>
        <History key={branch} project={name} branch={branch ?? undefined} />
      </section>
    </>
  );
}

function Branches(props: { branches: Project['branches']; chosen: string | null; onChoose: (branch: string | null) => void }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what may be wider than its box must be scrollable by keyboard
    <div className="scroll" tabIndex={0}>
      <table className="plain is-roomy" aria-label="Branches">
        <thead>
          <tr>
            <th scope="col">Branch</th>
            <th scope="col">Newest job</th>
            <th scope="col">Ran</th>
            <th scope="col">Age</th>
          </tr>
        </thead>
        <tbody>
          {props.branches.map(({ branch, latest }) => (
            <tr key={branch ?? ''}>
              <th scope="row">
                {branch === null ? (
                  <span className="faint">none named</span>
                ) : (
                  <button
                    type="button"
                    className="toggle"
                    aria-pressed={branch === props.chosen}
                    onClick={() => props.onChoose(branch === props.chosen ? null : branch)}
                  >
                    {branch}
                  </button>
                )}
              </th>
              <td>
                <Link href={jobPath(latest.id)} className="plain-link">
                  <JobStatus job={latest} />
                </Link>
              </td>
              <td>
                <Took from={latest.started} to={latest.finished} />
              </td>
              <td>
                <Ago at={latest.queued} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function History({ project, branch }: { project: string; branch: string | undefined }) {
  const jobs = useJobs({ project, parent: 'none', ...(branch !== undefined && { branch }) });
  if (jobs.error) return <Failed what="The jobs cannot be read." error={jobs.error} onRetry={jobs.reload} />;
  if (jobs.isLoading) return <Skeleton />;
  return (
    <>
      {jobs.fresh > 0 && (
        <button type="button" className="fresh" onClick={jobs.showFresh}>
          Show {count(jobs.fresh, 'new job')}
        </button>
      )}
      {jobs.jobs.length === 0 ? (
        <p className="faint">
          No job of this branch. <Link href={projectPath(project)}>All branches</Link>
        </p>
      ) : (
        <JobTable jobs={jobs.jobs} label="History" hasKeys />
      )}
      <LoadMore hasMore={jobs.hasMore} isLoading={jobs.isLoadingMore} onMore={jobs.loadMore} />
    </>
  );
}
