import { JobStatus, Outcome } from '@skep/protocol';
import { useEffect, useRef } from 'react';
import { Link, useSearchParams } from 'wouter';
import { type JobFilter, useJobs } from '../feed/queries.js';
import { useQueue } from '../feed/useFeed.js';
import { useKeys } from '../keys.js';
import { JobTable } from '../parts/JobTable.js';
import { Empty, Failed, Skeleton } from '../parts/States.js';
import { useTitle } from '../parts/useTitle.js';
import { count } from '../words.js';

const LAST_KEY = 'skep-jobs-filter';

const shows: readonly (readonly [value: string, words: string])[] = [
  ['', 'All'],
  ['active', 'Active'],
  ['queued', 'Queued'],
  ['running', 'Running'],
  ['passed', 'Passed'],
  ['failed', 'Failed'],
  ['errored', 'Errored'],
  ['timed-out', 'Timed out'],
  ['cancelled', 'Cancelled'],
  ['lost', 'Lost'],
];

/** All jobs, newest first, by what they are and where they ran. */
export function JobsPage() {
  const [search, setSearch] = useSearchParams();
  const { active, drones, activeIsPart } = useQueue();
  const filterInput = useRef<HTMLInputElement>(null);
  useTitle('Jobs');
  // The last filter is remembered: an address without one takes it up.
  useEffect(() => {
    const last = sessionStorage.getItem(LAST_KEY);
    if (location.search === '' && last) setSearch(new URLSearchParams(last), { replace: true });
  }, [setSearch]);
  const set = (name: string, value: string): void =>
    setSearch((all) => {
      const next = new URLSearchParams(all);
      if (value === '') next.delete(name);
      else next.set(name, value);
      sessionStorage.setItem(LAST_KEY, next.toString());
      return next;
    });
  const show = search.get('show') ?? '';
  const isCompact = search.get('compact') === '1';
  const jobs = useJobs(filterOf(search));
  useKeys({ f: () => filterInput.current?.focus() });

  const counts: Record<string, number> = { active: active.size, queued: 0, running: 0 };
  for (const { status } of active.values()) counts[status] = (counts[status] ?? 0) + 1;
  return (
    <>
      <div className="page-head">
        <h1>Jobs</h1>
        <label className="check">
          <input type="checkbox" checked={isCompact} onChange={(event) => set('compact', event.target.checked ? '1' : '')} />
          Compact
        </label>
      </div>
      <search className="facets">
        <fieldset>
          <legend className="visually-hidden">Status</legend>
          {shows.map(([value, words]) => (
            <label key={value} className={`facet${show === value ? ' is-on' : ''}`}>
              <input type="radio" name="show" className="visually-hidden" checked={show === value} onChange={() => set('show', value)} />
              {words}
              {counts[value] !== undefined && (
                <span className="badge">
                  {counts[value]}
                  {activeIsPart ? '+' : ''}
                </span>
              )}
            </label>
          ))}
        </fieldset>
        <label>
          <span className="visually-hidden">Project</span>
          <input
            ref={filterInput}
            type="text"
            placeholder="project"
            list="projects"
            defaultValue={search.get('project') ?? ''}
            onKeyDown={(event) => {
              if (event.key === 'Enter') set('project', event.currentTarget.value.trim());
            }}
            onBlur={(event) => {
              if (event.currentTarget.value.trim() !== (search.get('project') ?? '')) set('project', event.currentTarget.value.trim());
            }}
          />
          <datalist id="projects">
            {[...new Set(jobs.jobs.flatMap(({ project }) => project ?? []))].map((project) => (
              <option key={project} value={project} />
            ))}
          </datalist>
        </label>
        <label>
          <span className="visually-hidden">Drone</span>
          <select value={search.get('drone') ?? ''} onChange={(event) => set('drone', event.target.value)}>
            <option value="">any drone</option>
            {[...drones.values()].map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </search>
      {jobs.fresh > 0 && (
        <button type="button" className="fresh" onClick={jobs.showFresh}>
          Show {count(jobs.fresh, 'new job')}
        </button>
      )}
      {jobs.error && <Failed what="The jobs cannot be read." error={jobs.error} onRetry={jobs.reload} />}
      {jobs.isLoading && <Skeleton rows={10} />}
      {!jobs.isLoading && jobs.jobs.length === 0 && !jobs.error && (
        <NoJob hasFilter={search.size > 0} onClear={() => setSearch(new URLSearchParams())} />
      )}
      {jobs.jobs.length > 0 && <JobTable jobs={jobs.jobs} label="Jobs" isCompact={isCompact} hasKeys />}
      {jobs.hasMore && (
        <button type="button" className="button" disabled={jobs.isLoadingMore} onClick={jobs.loadMore}>
          {jobs.isLoadingMore ? 'Loading …' : 'Load more'}
        </button>
      )}
    </>
  );
}

function NoJob({ hasFilter, onClear }: { hasFilter: boolean; onClear: () => void }) {
  return (
    <Empty>
      {hasFilter ? (
        <>
          <p>No job matches.</p>
          <button
            type="button"
            className="button"
            onClick={() => {
              sessionStorage.removeItem(LAST_KEY);
              onClear();
            }}
          >
            Clear the filters
          </button>
        </>
      ) : (
        <p>
          No job yet. <Link href="/jobs/new">Submit the first one.</Link>
        </p>
      )}
    </Empty>
  );
}

function filterOf(search: URLSearchParams): JobFilter {
  const show = search.get('show') ?? '';
  const status = show === 'active' ? 'active' : JobStatus.safeParse(show).data;
  const outcome = Outcome.safeParse(show).data;
  const [project, drone] = [search.get('project'), search.get('drone')];
  return { ...(status && { status }), ...(outcome && { outcome }), ...(project && { project }), ...(drone && { drone }) };
}
