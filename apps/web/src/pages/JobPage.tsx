import { cellWords, type JobInfo, type JobWhy, titleOf } from '@skep/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { Link } from 'wouter';
import { useJob } from '../feed/queries.js';
import { useFeed, useNow } from '../feed/useFeed.js';
import { useLive } from '../feed/useLive.js';
import { lookOf, lookOfOutcome, runningLook } from '../looks.js';
import { OutputView } from '../output/OutputView.js';
import { useOutput } from '../output/useOutput.js';
import { ChildrenPanel } from '../parents/ChildrenPanel.js';
import { JobButtons } from '../parts/JobButtons.js';
import { JobSide } from '../parts/JobSide.js';
import { jobPath, projectPath, shortId } from '../parts/jobActions.js';
import { Failed, Skeleton } from '../parts/States.js';
import { LookMark } from '../parts/Status.js';
import { TaskValues } from '../parts/TaskValues.js';
import { Ago, Took } from '../parts/Time.js';
import { Timeline } from '../parts/Timeline.js';
import { useTitle } from '../parts/useTitle.js';
import { WhyWaiting } from '../parts/WhyWaiting.js';
import { expectedWords, sentence, span } from '../words.js';
import '../styles/more.css';

/** One job: how it stands, why, and its output. */
export function JobPage({ id, attempt }: { id: string; attempt?: number }) {
  const { data: job, error, isPending, refetch } = useJob(id);
  const look = job && lookOf(job);
  const title = job ? `${titleOf(job.data)}${job.cell ? ` (${cellWords(job.cell)})` : ''}` : shortId(id);
  useTitle(look ? `${look.sign} ${title}` : title, look?.favicon);
  if (error && !job)
    return (
      <>
        <h1>Job {shortId(id)}</h1>
        <Failed what="It cannot be shown." error={error} onRetry={() => void refetch()} />
      </>
    );
  if (isPending || !job)
    return (
      <>
        <h1>Job {shortId(id)}</h1>
        <Skeleton rows={10} />
      </>
    );
  return <LoadedJob job={job} title={title} attempt={attempt} />;
}

/** How often why a job waits and when it will end is asked again; what is done changes no more. */
const whyAgainMs = { queued: 2000, assigned: 10_000, running: 10_000, done: undefined };

function LoadedJob({ job, title, attempt: wanted }: { job: JobInfo; title: string; attempt: number | undefined }) {
  const queries = useQueryClient();
  const { client } = useFeed();
  const attempt = wanted === undefined ? job.attempts.at(-1) : job.attempts.find((each) => each.attempt === wanted);
  const onSummary = useCallback(
    ({ status, attempt: number }: { status: string; attempt: number }) => {
      const known = queries.getQueryData<JobInfo>(['job', job.id]);
      if (known && (known.status !== status || known.attempt !== number)) void queries.invalidateQueries({ queryKey: ['job', job.id] });
    },
    [queries, job.id],
  );
  const output = useOutput(job.id, attempt, onSummary);
  const look = lookOf(job);
  const { data: why } = useLive(['why', job.id, job.status], () => client.why(job.id), whyAgainMs[job.status]);
  return (
    <>
      <div className="page-head is-job">
        <LookMark look={look} />
        <h1>{title}</h1>
        <JobButtons job={job} />
      </div>
      <p className="job-line">
        <strong className={`hue-${look.hue}`}>{sentence(outcomeWords(job))}</strong>
        {job.drone !== undefined && <> · on {job.drone}</>}
        {job.data.project !== undefined && (
          <>
            {' '}
            · <Link href={projectPath(job.data.project)}>{job.data.project}</Link>
          </>
        )}{' '}
        · submitted <Ago at={job.queued} />
        {job.started !== null && (
          <>
            {' '}
            · {job.finished === null ? 'running for' : 'ran'} <Took from={job.started} to={job.finished} />
            <Prospect job={job} why={why} />
          </>
        )}
        {job.priority !== 0 && ` · priority ${job.priority}`}
        {job.data.retryOf !== undefined && (
          <>
            {' '}
            · repeats <Link href={jobPath(job.data.retryOf)}>{shortId(job.data.retryOf)}</Link>
          </>
        )}
        {job.parent !== undefined && (
          <>
            {' '}
            · {job.cell?.build === undefined ? 'a cell' : 'a build'} of <Link href={jobPath(job.parent)}>{shortId(job.parent)}</Link>
          </>
        )}
        {' · '}
        <span className="faint id">{job.id}</span>
      </p>
      {job.error && (
        <p className="failed">
          <strong>{job.error.code}</strong> {job.error.message}
        </p>
      )}
      {job.confirmed === false && <p className="failed">The drone did not confirm that its processes are gone.</p>}
      {job.attempts.length > 1 && <Attempts job={job} shown={attempt?.attempt} />}
      {job.waiting && !job.children && <WhyWaiting waiting={job.waiting} why={why} />}
      {attempt && <Timeline job={job} attempt={attempt} output={output} />}
      <TaskValues job={job} events={output.events} />
      {wanted !== undefined && !attempt && <p className="failed">This job has no attempt {wanted}.</p>}
      <div className="job-body">
        {job.children ? (
          <ChildrenPanel job={job} family={job.children} />
        ) : attempt ? (
          <OutputView key={attempt.attempt} job={job} attempt={attempt} output={output} />
        ) : (
          <NoAttempt job={job} />
        )}
        <JobSide job={job} attempt={attempt} events={output.events} />
      </div>
    </>
  );
}

/** How long it usually takes and, while it runs, when it will probably end; nothing where that is unknown. */
function Prospect({ job, why }: { job: JobInfo; why: JobWhy | undefined }) {
  const now = useNow(1000);
  const usual = job.usual ?? why?.estimate.usual;
  const end = job.status === 'running' ? why?.estimate.end : undefined;
  return (
    <>
      {usual && ` (usually ${span(usual.likely)})`}
      {end && `, ends ${expectedWords(end, now)}`}
    </>
  );
}

/** How it ended, in words. */
function outcomeWords(job: JobInfo): string {
  const look = lookOf(job);
  if (job.status !== 'done') return job.phase && job.status === 'running' ? `${look.word}: ${job.phase}` : look.word;
  const failed = job.cmds.find(({ exitCode }) => exitCode !== null && exitCode !== 0);
  const how = job.signal ?? (job.exitCode === null || job.exitCode === 0 ? (job.reason ?? '') : `exit ${job.exitCode}`);
  const where = failed && job.outcome === 'failed' ? ` in “${shortened(failed.cmd)}”` : '';
  return how !== '' && how !== look.word ? `${look.word}: ${how}${where}` : look.word;
}

/** The beginning of a command. */
function shortened(command: string): string {
  const [line = ''] = command.split('\n', 1);
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}

function NoAttempt({ job }: { job: JobInfo }) {
  return (
    <p className="no-output is-alone">
      {job.status === 'done' ? 'It never started, so there is no output.' : 'No output yet: the job waits for a drone.'}
    </p>
  );
}

function Attempts({ job, shown }: { job: JobInfo; shown: number | undefined }) {
  return (
    <nav className="tabs" aria-label="Attempts">
      {job.attempts.map(({ attempt, outcome, drone }) => {
        const isLatest = attempt === job.attempts.length;
        const path = isLatest ? jobPath(job.id) : `${jobPath(job.id)}/attempts/${attempt}`;
        return (
          <Link key={attempt} href={path} aria-current={attempt === shown ? 'page' : undefined}>
            <LookMark look={outcome ? lookOfOutcome(outcome) : runningLook}>
              attempt {attempt} on {drone}
            </LookMark>
          </Link>
        );
      })}
    </nav>
  );
}
