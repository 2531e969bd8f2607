import { JobsSort } from '@skep/protocol';
import { useEffect, useRef } from 'react';
import { Link, useSearchParams } from 'wouter';
import { filterIn, searchOf } from '../feed/jobFilter.js';
import { useJobs } from '../feed/queries.js';
import { useKeys } from '../keys.js';
import { Facets } from '../parts/Facets.js';
import { JobTable } from '../parts/JobTable.js';
import { Empty, Failed, Skeleton } from '../parts/States.js';
import { useTitle } from '../parts/useTitle.js';
import { Views } from '../parts/Views.js';
import { count } from '../words.js';

const LAST_KEY = 'skep-jobs-filter';

/** All jobs, newest or oldest first, by what they are and where they ran. */
export function JobsPage() {
  const [search, setSearch] = useSearchParams();
  const first = useRef<HTMLInputElement>(null);
  useTitle('Jobs');
  const searchText = search.toString();
  // The last filter is remembered: an address without one takes it up.
  useEffect(() => {
    const last = localStorage.getItem(LAST_KEY);
    if (location.search === '' && last) setSearch(new URLSearchParams(last), { replace: true });
  }, [setSearch]);
  useEffect(() => {
    if (searchText !== '') localStorage.setItem(LAST_KEY, searchText);
  }, [searchText]);
  const set = (name: string, value: string): void =>
    setSearch((all) => {
      const next = new URLSearchParams(all);
      if (value === '') next.delete(name);
      else next.set(name, value);
      if (next.size === 0) localStorage.removeItem(LAST_KEY);
      return next;
    });
  const clear = (): void => {
    localStorage.removeItem(LAST_KEY);
    setSearch(new URLSearchParams());
  };
  const isCompact = search.get('compact') === '1';
  const filter = filterIn(search);
  const hasFilter = searchOf(filter).size > 0;
  const sort = JobsSort.safeParse(search.get('sort')).data ?? 'newest';
  const jobs = useJobs(filter, sort);
  useKeys({ f: () => first.current?.focus() });
  return (
    <>
      <div className="page-head">
        <h1>Jobs</h1>
        <label className="check">
          <input type="checkbox" checked={isCompact} onChange={(event) => set('compact', event.target.checked ? '1' : '')} />
          Compact
        </label>
      </div>
      <Views filter={filter} />
      <Facets filter={filter} show={search.get('show') ?? ''} first={first} onSet={set} />
      {jobs.fresh > 0 && (
        <button type="button" className="fresh" onClick={jobs.showFresh}>
          Show {count(jobs.fresh, 'new job')}
        </button>
      )}
      {jobs.error && <Failed what="The jobs cannot be read." error={jobs.error} onRetry={jobs.reload} />}
      {jobs.isLoading && <Skeleton rows={10} />}
      {!jobs.isLoading && jobs.jobs.length === 0 && !jobs.error && <NoJob hasFilter={hasFilter} onClear={clear} />}
      {jobs.jobs.length > 0 && (
        <JobTable
          jobs={jobs.jobs}
          label="Jobs"
          isCompact={isCompact}
          hasKeys
          sort={sort}
          onSort={() => set('sort', sort === 'newest' ? 'oldest' : '')}
        />
      )}
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
          <button type="button" className="button" onClick={onClear}>
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
