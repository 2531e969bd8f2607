import { cellWords, type JobSummary, type JobsSort } from '@skep/protocol';
import { useRef, useState } from 'react';
import { Link } from 'wouter';
import { useFeed, useQueue } from '../feed/useFeed.js';
import { startedHere } from '../feed/watching.js';
import { useKeys } from '../keys.js';
import { childrenWords } from '../parents/childrenWords.js';
import { waitingWords } from '../waitingWords.js';
import { count } from '../words.js';
import { Confirm } from './Dialog.js';
import { cancelJob, jobPath, retryJob, shortId, withEach } from './jobActions.js';
import { useNotices } from './notices.js';
import { PriorityDialog } from './PriorityDialog.js';
import { SortHeader } from './SortHeader.js';
import { JobStatus } from './Status.js';
import { Ago, Took } from './Time.js';
import { useRowFocus } from './useRowFocus.js';

/** Jobs, a row each; with keys, and with actions on those that are selected. */
export function JobTable({
  jobs,
  label,
  isCompact = false,
  hasKeys = false,
  sort,
  onSort,
}: {
  jobs: readonly JobSummary[];
  label: string;
  isCompact?: boolean;
  hasKeys?: boolean;
  /** Their order, and the wish for the other one; where it is not to be chosen, neither. */
  sort?: JobsSort;
  onSort?: () => void;
}) {
  const { client } = useFeed();
  const { connection } = useQueue();
  const notices = useNotices();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [asks, setAsks] = useState<readonly JobSummary[]>([]);
  const [ranked, setRanked] = useState<readonly JobSummary[]>([]);
  const body = useRef<HTMLTableSectionElement>(null);

  const { current: focused, move } = useRowFocus(body, 'a.job-link');
  const current = (): JobSummary | undefined => jobs[focused()];
  const toggle = (id: string): void =>
    setSelected((ids) => {
      const next = new Set(ids);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  const retry = (which: readonly JobSummary[]): void => {
    const [only] = which;
    if (which.length === 1 && only) void notices.attempt('Not retried', () => retryJob(client, only.id));
    else
      void notices.attempt('Not retried', () => withEach(which, 'submitted again', async (id) => startedHere((await client.retry(id)).id)));
    setSelected(new Set());
  };
  const cancel = (which: readonly JobSummary[]): void => {
    const [only] = which;
    if (which.length === 1 && only) void notices.attempt('Not cancelled', () => cancelJob(client, only.id));
    else void notices.attempt('Not cancelled', () => withEach(which, 'cancelled', (id) => client.cancel(id, 'in the browser')));
    setSelected(new Set());
  };
  const chosen = (): readonly JobSummary[] => {
    const picked = jobs.filter(({ id }) => selected.has(id));
    const one = current();
    return picked.length > 0 ? picked : one ? [one] : [];
  };

  const askToCancel = (): void => setAsks(chosen().filter((job) => !isDone(job)));
  useKeys(
    {
      j: () => move(1),
      k: () => move(-1),
      x: () => {
        const job = current();
        if (job) toggle(job.id);
      },
      r: () => {
        const which = chosen().filter(isDone);
        if (which.length > 0) retry(which);
      },
      p: () => setRanked(chosen().filter((job) => !isDone(job))),
      Delete: askToCancel,
    },
    hasKeys,
  );

  const picked = jobs.filter(({ id }) => selected.has(id));
  const isOff = connection !== 'live';
  return (
    <>
      {picked.length > 0 && (
        <div className="bulk" role="toolbar" aria-label="Selected jobs">
          <span>{count(picked.length, 'job')} selected</span>
          <button type="button" className="button" disabled={isOff || !picked.some(isDone)} onClick={() => retry(picked.filter(isDone))}>
            Retry
          </button>
          <button
            type="button"
            className="button"
            disabled={isOff || picked.every(isDone)}
            onClick={() => setAsks(picked.filter((job) => !isDone(job)))}
          >
            Cancel
          </button>
          <button
            type="button"
            className="button"
            disabled={isOff || picked.every(isDone)}
            onClick={() => setRanked(picked.filter((job) => !isDone(job)))}
          >
            Priority
          </button>
          <button type="button" className="button is-quiet" onClick={() => setSelected(new Set())}>
            Clear
          </button>
          {isOff && <span className="faint">not while the queen is away</span>}
        </div>
      )}
      <table className={`table jobs${isCompact ? ' is-compact' : ''}`} aria-label={label}>
        <thead>
          <tr>
            {hasKeys && (
              <th scope="col" className="tick">
                <label>
                  <input
                    type="checkbox"
                    checked={picked.length > 0 && picked.length === jobs.length}
                    ref={(box) => {
                      if (box) box.indeterminate = picked.length > 0 && picked.length < jobs.length;
                    }}
                    onChange={() => setSelected(new Set(picked.length === jobs.length ? [] : jobs.map(({ id }) => id)))}
                  />
                  <span className="visually-hidden">Select all that are shown</span>
                </label>
              </th>
            )}
            <th scope="col">Status</th>
            <th scope="col">Job</th>
            {!isCompact && <th scope="col">Project</th>}
            <th scope="col">Drone</th>
            {!isCompact && <th scope="col">Waited</th>}
            <th scope="col">Ran</th>
            {onSort ? (
              <SortHeader order={sort === 'oldest' ? 'descending' : 'ascending'} onSort={onSort}>
                Age
              </SortHeader>
            ) : (
              <th scope="col">Age</th>
            )}
          </tr>
        </thead>
        <tbody ref={body}>
          {jobs.map((job) => (
            <tr key={job.id} className={selected.has(job.id) ? 'is-selected' : ''}>
              {hasKeys && (
                <td className="tick">
                  <label>
                    <input type="checkbox" checked={selected.has(job.id)} onChange={() => toggle(job.id)} />
                    <span className="visually-hidden">Select {job.title}</span>
                  </label>
                </td>
              )}
              <td>
                <JobStatus job={job} />
              </td>
              <td className="job-cell">
                <Link href={jobPath(job.id)} className="job-link">
                  <span className="title">{job.cell ? `${job.title} (${cellWords(job.cell)})` : job.title}</span>
                </Link>
                <span className="job-note">
                  <span className="id">{shortId(job.id)}</span>
                  {job.branch !== undefined && ` · ${job.branch}`}
                  {job.attempt > 1 && ` · attempt ${job.attempt}`}
                  {job.priority !== 0 && ` · priority ${job.priority}`}
                  {job.children ? ` · ${childrenWords(job.children)}` : job.waiting && ` · ${waitingWords(job.waiting)}`}
                </span>
              </td>
              {!isCompact && <td data-label="Project">{job.project ?? <span className="faint">–</span>}</td>}
              <td data-label="Drone">{job.drone ?? <span className="faint">–</span>}</td>
              {!isCompact && (
                <td data-label="Waited">
                  <Took from={job.queued} to={job.started ?? job.finished} />
                </td>
              )}
              <td data-label="Ran">
                <Took from={job.started} to={job.finished} />
              </td>
              <td data-label="Age">
                <Ago at={job.queued} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {ranked.length > 0 && <PriorityDialog jobs={ranked} onClose={() => setRanked([])} />}
      {asks.length > 0 && (
        <Confirm title={`Cancel ${count(asks.length, 'job')}?`} action="Cancel" onConfirm={() => cancel(asks)} onClose={() => setAsks([])}>
          <p>Commands that run are ended: SIGTERM, and SIGKILL after 10 s. The output so far is kept.</p>
        </Confirm>
      )}
    </>
  );
}

const isDone = ({ status }: JobSummary): boolean => status === 'done';
