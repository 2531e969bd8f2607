import type { JobSummary, Stats } from '@skep/protocol';
import { Link } from 'wouter';
import { useNow } from '../feed/useFeed.js';
import { lookOf } from '../looks.js';
import { jobPath } from '../parts/jobActions.js';
import { LookMark } from '../parts/Status.js';
import { waitingWords } from '../waitingWords.js';
import { sentence, span } from '../words.js';

const SHOWN = 5;

/** What waits, each with its reason, and how long jobs wait in general. */
export function WaitingJobs({ jobs, isPart, stats }: { jobs: readonly JobSummary[]; isPart: boolean; stats: Stats | undefined }) {
  const now = useNow(5000);
  const longest = Math.max(0, ...jobs.map(({ queued }) => now - queued));
  const waits = stats?.waits;
  return (
    <section className="panel" aria-labelledby="waiting-title">
      <h2 id="waiting-title">
        Waiting{' '}
        <span className="badge">
          {jobs.length}
          {isPart ? '+' : ''}
        </span>
      </h2>
      {waits && (
        <p className="faint">
          Within 24 h half waited at most {span(waits.p50)}, 95&nbsp;% at most {span(waits.p95)}
        </p>
      )}
      {jobs.length === 0 ? (
        <p className="faint">Nothing waits.</p>
      ) : (
        <ul className="job-list">
          {jobs.slice(0, SHOWN).map((job) => (
            <li key={job.id}>
              <span className="job-list-head">
                <LookMark look={lookOf(job)}>
                  <Link href={jobPath(job.id)}>{job.title}</Link>
                </LookMark>
                <span className="number">{span(Math.max(0, now - job.queued))}</span>
              </span>
              <span className="job-list-note faint">{job.waiting ? sentence(waitingWords(job.waiting)) : ''}</span>
            </li>
          ))}
          {jobs.length > SHOWN && (
            <li>
              <Link href="/jobs?show=queued">all that wait</Link> <span className="faint">the longest for {span(longest)}</span>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}
