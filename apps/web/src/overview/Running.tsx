import type { JobSummary } from '@skep/protocol';
import { Link } from 'wouter';
import { useNow } from '../feed/useFeed.js';
import { lookOf } from '../looks.js';
import { jobPath } from '../parts/jobActions.js';
import { LookMark } from '../parts/Status.js';
import { span } from '../words.js';

const SHOWN = 8;

/** What runs: where, how far against what is usual, and what it said last. */
export function Running({ jobs, isPart }: { jobs: readonly JobSummary[]; isPart: boolean }) {
  return (
    <section className="panel" aria-labelledby="running-title">
      <h2 id="running-title">
        Running{' '}
        <span className="badge">
          {jobs.length}
          {isPart ? '+' : ''}
        </span>
      </h2>
      {jobs.length === 0 ? (
        <p className="faint">Nothing runs.</p>
      ) : (
        <ul className="job-list">
          {jobs.slice(0, SHOWN).map((job) => (
            <RunningJob key={job.id} job={job} />
          ))}
          {jobs.length > SHOWN && (
            <li>
              <Link href="/jobs?show=active">all that run</Link>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

function RunningJob({ job }: { job: JobSummary }) {
  const now = useNow(1000);
  const { title, started, usual, lastLine, drone, phase } = job;
  const ran = started === null ? undefined : Math.max(0, now - started);
  return (
    <li>
      <span className="job-list-head">
        <LookMark look={lookOf(job)}>
          <Link href={jobPath(job.id)}>{title}</Link>
        </LookMark>
        {ran !== undefined && (
          <span className="number">
            {span(ran)}
            {usual && <span className="faint"> of {span(usual.likely)}</span>}
          </span>
        )}
      </span>
      {usual && ran !== undefined && (
        <progress
          className={ran > usual.high ? 'usual is-late' : 'usual'}
          max={usual.likely}
          value={Math.min(ran, usual.likely)}
          aria-label={`${title}: ${span(ran)} of the usual ${span(usual.likely)}`}
        />
      )}
      <span className="job-list-note faint">
        {drone}
        {phase && ` · ${phase}`}
        {usual && ran !== undefined && ran > usual.high && ' · longer than usual'}
      </span>
      {lastLine !== undefined && <code className="last-line">{lastLine}</code>}
    </li>
  );
}
