import type { JobSummary } from '@skep/protocol';
import { useMemo } from 'react';
import { Link } from 'wouter';
import { queenUrl } from '../base.js';
import { useJobs } from '../feed/queries.js';
import { useNow, useQueue } from '../feed/useFeed.js';
import { droneLooks, lookOf } from '../looks.js';
import { CommandLine } from '../parts/Copy.js';
import { JobTable } from '../parts/JobTable.js';
import { dronePath, jobPath } from '../parts/jobActions.js';
import { Slots } from '../parts/Slots.js';
import { Failed, Skeleton } from '../parts/States.js';
import { LookMark } from '../parts/Status.js';
import { Took } from '../parts/Time.js';
import { useTitle } from '../parts/useTitle.js';
import { sentence } from '../parts/WhyWaiting.js';
import { waitingWords } from '../waitingWords.js';
import { count, span } from '../words.js';

const SHOWN = 5;
const RECENT = 15;

/** What needs somebody, what runs, what waits, and who does the work. */
export function OverviewPage() {
  const { active, activeIsPart, drones, isLoaded } = useQueue();
  const recent = useJobs({}, RECENT);
  useTitle('Overview');
  const jobs = useMemo(() => [...active.values()].sort((a, b) => a.queued - b.queued), [active]);
  const running = jobs.filter(({ status }) => status !== 'queued');
  const waiting = jobs.filter(({ status }) => status === 'queued');
  if (!isLoaded) return <Skeleton rows={8} />;
  const isNew = drones.size === 0 && recent.jobs.length === 0 && !recent.isLoading;
  return (
    <>
      <h1 className="visually-hidden">Overview</h1>
      {isNew ? <FirstSteps /> : <NeedsYou waiting={waiting} />}
      <div className="columns">
        <section className="panel" aria-labelledby="running-title">
          <h2 id="running-title">
            Running{' '}
            <span className="badge">
              {running.length}
              {activeIsPart ? '+' : ''}
            </span>
          </h2>
          {running.length === 0 ? <p className="faint">Nothing runs.</p> : <RunningList jobs={running} />}
        </section>
        <Waiting jobs={waiting} isPart={activeIsPart} />
        <section className="panel" aria-labelledby="drones-title">
          <h2 id="drones-title">
            Drones <span className="badge">{drones.size}</span>
          </h2>
          {drones.size === 0 && <CommandLine text={`skep drone --queen ${queenUrl}`} />}
          <ul className="drone-strip">
            {[...drones.values()].map((drone) => (
              <li key={drone.id}>
                <Link href={dronePath(drone.id)}>{drone.name}</Link>
                <Slots drone={drone} />
                <LookMark look={droneLooks[drone.state]} />
              </li>
            ))}
          </ul>
        </section>
      </div>
      <section aria-labelledby="recent-title">
        <h2 id="recent-title">Newest jobs</h2>
        {recent.error && <Failed what="The jobs cannot be read." error={recent.error} onRetry={recent.reload} />}
        {recent.fresh > 0 && (
          <button type="button" className="fresh" onClick={recent.showFresh}>
            Show {count(recent.fresh, 'new job')}
          </button>
        )}
        {recent.isLoading ? <Skeleton /> : recent.jobs.length > 0 && <JobTable jobs={recent.jobs} label="Newest jobs" />}
        {recent.hasMore && (
          <p>
            <Link href="/jobs">All jobs</Link>
          </p>
        )}
      </section>
    </>
  );
}

/** Drones and jobs that do not mend by themselves; one calm line if there are none. */
function NeedsYou({ waiting }: { waiting: readonly JobSummary[] }) {
  const { drones } = useQueue();
  const sick = [...drones.values()].filter(({ state }) => state === 'lost' || state === 'quarantined');
  const blocked = waiting.filter((job) => lookOf(job).word === 'blocked');
  if (sick.length === 0 && blocked.length === 0) return <p className="calm">Nothing needs you.</p>;
  return (
    <section className="panel is-urgent" aria-labelledby="needs-title">
      <h2 id="needs-title">Needs you</h2>
      <ul className="needs">
        {sick.map((drone) => (
          <li key={drone.id}>
            <LookMark look={droneLooks[drone.state]} />
            <Link href={dronePath(drone.id)}>{drone.name}</Link>
            <span>{drone.reason ?? (drone.state === 'lost' ? 'it is gone without a word' : '')}</span>
          </li>
        ))}
        {blocked.slice(0, SHOWN).map((job) => (
          <li key={job.id}>
            <LookMark look={lookOf(job)} />
            <Link href={jobPath(job.id)}>{job.title}</Link>
            <span>{job.waiting && waitingWords(job.waiting)}</span>
          </li>
        ))}
        {blocked.length > SHOWN && <li>and {count(blocked.length - SHOWN, 'more job')}</li>}
      </ul>
    </section>
  );
}

function RunningList({ jobs }: { jobs: readonly JobSummary[] }) {
  return (
    <ul className="job-list">
      {jobs.slice(0, SHOWN * 2).map((job) => (
        <li key={job.id}>
          <LookMark look={lookOf(job)}>
            <Link href={jobPath(job.id)}>{job.title}</Link>
          </LookMark>
          <span className="faint">
            {job.drone} {job.phase && `· ${job.phase}`} · <Took from={job.started} to={null} />
          </span>
        </li>
      ))}
      {jobs.length > SHOWN * 2 && (
        <li>
          <Link href="/jobs?show=running">all that run</Link>
        </li>
      )}
    </ul>
  );
}

function Waiting({ jobs, isPart }: { jobs: readonly JobSummary[]; isPart: boolean }) {
  const now = useNow(5000);
  const waits = jobs.map(({ queued }) => now - queued).sort((a, b) => a - b);
  const quantile = (share: number): string => span(waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? 0);
  return (
    <section className="panel" aria-labelledby="waiting-title">
      <h2 id="waiting-title">
        Waiting{' '}
        <span className="badge">
          {jobs.length}
          {isPart ? '+' : ''}
        </span>
      </h2>
      {jobs.length === 0 ? (
        <p className="faint">Nothing waits.</p>
      ) : (
        <>
          <p className="faint">
            so far: half of them {quantile(0.5)} or more, the longest {quantile(1)}
          </p>
          <ul className="job-list">
            {jobs.slice(0, SHOWN).map((job) => (
              <li key={job.id}>
                <LookMark look={lookOf(job)}>
                  <Link href={jobPath(job.id)}>{job.title}</Link>
                </LookMark>
                <span className="faint">{job.waiting ? sentence(waitingWords(job.waiting)) : ''}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function FirstSteps() {
  return (
    <section className="panel" aria-labelledby="first-title">
      <h2 id="first-title">This queen is new</h2>
      <ol className="first-steps">
        <li>
          <p>Start a drone on each machine that builds:</p>
          <CommandLine text={`skep drone --queen ${queenUrl}`} />
        </li>
        <li>
          <p>
            Run a command on the fastest of them, or <Link href="/jobs/new">submit it here</Link>:
          </p>
          <CommandLine text={`skep run --queen ${queenUrl} -- make test`} />
        </li>
      </ol>
    </section>
  );
}
