import type { ProjectSummary } from '@skep/protocol';
import { useRef } from 'react';
import { Link } from 'wouter';
import { useFeed } from '../feed/useFeed.js';
import { usePages } from '../feed/usePages.js';
import { useKeys } from '../keys.js';
import { CommandLine } from '../parts/Copy.js';
import { JobTicks } from '../parts/JobTicks.js';
import { jobPath, projectPath } from '../parts/jobActions.js';
import { LoadMore } from '../parts/LoadMore.js';
import { Empty, Failed, Skeleton } from '../parts/States.js';
import { JobStatus } from '../parts/Status.js';
import { Ago } from '../parts/Time.js';
import { useRowFocus } from '../parts/useRowFocus.js';
import { useTitle } from '../parts/useTitle.js';
import '../styles/more.css';

/** How each project stands: its newest job, and what became of those before it. */
export function ProjectsPage() {
  useTitle('Projects');
  return (
    <>
      <h1>Projects</h1>
      <ProjectList />
    </>
  );
}

function ProjectList() {
  const { client } = useFeed();
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = usePages(['projects'], (after) =>
    client.projects.list(after),
  );
  const body = useRef<HTMLTableSectionElement>(null);
  const { move } = useRowFocus(body, 'a.job-link');
  useKeys({ j: () => move(1), k: () => move(-1) });
  if (isPending) return <Skeleton />;
  if (!data) return <Failed what="The projects cannot be read." error={error} onRetry={() => void refetch()} />;
  const projects = data.pages.flatMap((page) => page.projects);
  if (projects.length === 0) return <NoProject />;
  return (
    <>
      <table className="table projects" aria-label="Projects">
        <thead>
          <tr>
            <th scope="col">Project</th>
            <th scope="col">Newest job</th>
            <th scope="col">Results, the newest on the right</th>
            <th scope="col">Passed</th>
          </tr>
        </thead>
        <tbody ref={body}>
          {projects.map((each) => (
            <Row key={each.project} summary={each} />
          ))}
        </tbody>
      </table>
      <LoadMore hasMore={hasNextPage} isLoading={isFetchingNextPage} onMore={() => void fetchNextPage()} />
    </>
  );
}

function Row({ summary: { project, recent, counts } }: { summary: ProjectSummary }) {
  const [latest] = recent;
  const done = counts.passed + counts.failed;
  return (
    <tr>
      <td className="project-cell">
        <Link href={projectPath(project)} className="job-link">
          <span className="title">{project}</span>
        </Link>
      </td>
      <td>
        {latest && (
          <Link href={jobPath(latest.id)} className="plain-link">
            <JobStatus job={latest} />
            <span className="job-note">
              <Ago at={latest.queued} />
              {latest.branch !== undefined && ` · ${latest.branch}`}
            </span>
          </Link>
        )}
      </td>
      <td>
        <JobTicks jobs={recent} label={`Newest results of ${project}`} />
      </td>
      <td data-label="Passed" className="number">
        {done === 0 ? <span className="faint">–</span> : `${Math.round((100 * counts.passed) / done)} % of ${done.toLocaleString()}`}
      </td>
    </tr>
  );
}

function NoProject() {
  return (
    <Empty>
      <p>No job has named a project yet. A project is a name that jobs say; nothing has to be set up:</p>
      <CommandLine text="skep run --project shop -- make test" />
    </Empty>
  );
}
