import { Job, type Job as JobType, verdictsOf } from '@skep/protocol';
import { useEffect, useId, useRef, useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { asCli, asJson } from '../asCli.js';
import { again, type Draft, type DraftProblems, draftOf, emptyDraft, isMasked, jobOf, matrixLabel } from '../draft.js';
import { useJob, useJobs } from '../feed/queries.js';
import { useFeed, useQueue } from '../feed/useFeed.js';
import { startedHere } from '../feed/watching.js';
import { CommandLine } from '../parts/Copy.js';
import { Field } from '../parts/Field.js';
import { jobPath } from '../parts/jobActions.js';
import { errorWords } from '../parts/notices.js';
import { Failed, Skeleton } from '../parts/States.js';
import { useTitle } from '../parts/useTitle.js';
import { count } from '../words.js';

const DRAFT_KEY = 'skep-draft';

/** A new job, or one that repeats another with edits. */
export function NewJobPage() {
  const [search] = useSearchParams();
  const from = search.get('from');
  useTitle(from ? 'Re-run with edits' : 'New job');
  return (
    <>
      <h1>{from ? 'Re-run with edits' : 'New job'}</h1>
      {from ? <FromJob key={from} id={from} /> : <JobForm draft={savedDraft()} job={undefined} />}
    </>
  );
}

function FromJob({ id }: { id: string }) {
  const { data, error, refetch } = useJob(id);
  if (error) return <Failed what="The job to repeat cannot be read." error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton />;
  const job = again(data.data);
  const draft = draftOf(job);
  return (
    <>
      {isMasked(job) && <p className="banner is-warning">Its secrets are not shown to anybody: give them again.</p>}
      <JobForm draft={draft ?? emptyDraft} job={draft ? undefined : job} />
    </>
  );
}

/** As fields, or as JSON for all that the fields cannot say. */
function JobForm({ draft: begin, job }: { draft: Draft; job: JobType | undefined }) {
  const { client } = useFeed();
  const { connection } = useQueue();
  const [, navigate] = useLocation();
  const [draft, setDraft] = useState(begin);
  const [json, setJson] = useState(() => (job ? asJson(job) : undefined));
  const [problems, setProblems] = useState<DraftProblems>({});
  const [failure, setFailure] = useState<string>();
  const [isSending, setSending] = useState(false);
  const summary = useRef<HTMLDivElement>(null);
  const id = useId();
  const meant = json === undefined ? jobOf(draft) : jobIn(json);
  useEffect(() => {
    if (json === undefined) localStorage.setItem(DRAFT_KEY, JSON.stringify({ ...draft, secrets: '' }));
  }, [draft, json]);

  const submit = async (): Promise<void> => {
    setFailure(undefined);
    setProblems('problems' in meant ? meant.problems : {});
    if (!('job' in meant)) {
      if ('problem' in meant) setFailure(meant.problem);
      setTimeout(() => summary.current?.focus());
      return;
    }
    setSending(true);
    try {
      const { id: made } = await client.submit({ ...meant.job, trigger: { type: 'manual', source: 'browser' } });
      localStorage.removeItem(DRAFT_KEY);
      startedHere(made);
      navigate(jobPath(made));
    } catch (error) {
      setFailure(errorWords(error));
      setTimeout(() => summary.current?.focus());
    } finally {
      setSending(false);
    }
  };
  const field = (name: keyof Draft) => ({
    id: `${id}-${name}`,
    value: draft[name],
    problem: problems[name],
    onChange: (value: string) => setDraft((all) => ({ ...all, [name]: value })),
  });
  const wrong = Object.entries(problems);
  return (
    <div className="split">
      <form
        className="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {(wrong.length > 0 || failure !== undefined) && (
          <div className="failed" ref={summary} tabIndex={-1} role="alert">
            <p>
              <strong>Not submitted.</strong> {failure}
            </p>
            <ul>
              {wrong.map(([name, problem]) => (
                <li key={name}>
                  <a
                    href={`#${id}-${name}`}
                    onClick={(event) => {
                      event.preventDefault();
                      document.getElementById(`${id}-${name}`)?.focus();
                    }}
                  >
                    {problem}
                  </a>
                </li>
              ))}
            </ul>
          </div>
        )}
        {json === undefined ? (
          <>
            <Field label="Commands, one a line; each runs in a shell of its own" rows={4} {...field('commands')} />
            <LastCommands onChoose={(commands) => setDraft((all) => ({ ...all, commands }))} />
            <Field label="Labels that the drone must have, NAME=VALUE" rows={2} {...field('labels')} />
            <div className="fields">
              <Field label="Repository" {...field('repo')} />
              <Field label="Branch or tag" {...field('branch')} />
            </div>
            <div className="fields">
              <Field label="Variables, NAME=VALUE" rows={2} {...field('env')} />
              <Field label="Secrets, masked everywhere" rows={2} {...field('secrets')} />
            </div>
            <div className="fields">
              <Field label="Project" {...field('project')} />
              <Field label="Minutes it may take (60)" {...field('timeoutMinutes')} />
              <Field label="Priority, higher first (0)" {...field('priority')} />
            </div>
            <Field label={matrixLabel} {...field('matrix')} />
          </>
        ) : (
          <Field
            id={`${id}-json`}
            label="The job as JSON"
            rows={18}
            value={json}
            problem={'problem' in meant ? meant.problem : undefined}
            onChange={setJson}
          />
        )}
        <div className="actions">
          <button type="submit" className="button is-main" disabled={connection !== 'live' || isSending}>
            Submit
          </button>
          {connection !== 'live' && <span className="faint">not while the queen is away; what is typed is kept</span>}
          {json === undefined ? (
            <button type="button" className="button is-quiet" onClick={() => setJson('job' in meant ? asJson(meant.job) : '{}')}>
              Edit as JSON
            </button>
          ) : (
            !job && (
              <button type="button" className="button is-quiet" onClick={() => setJson(undefined)}>
                Back to the fields
              </button>
            )
          )}
        </div>
      </form>
      <aside className="panel" aria-label="What will be submitted">
        {'job' in meant ? (
          <Preview job={meant.job} queen={client.url} />
        ) : (
          <p className="faint">What will be submitted is shown here once there is a command.</p>
        )}
      </aside>
    </div>
  );
}

function LastCommands({ onChoose }: { onChoose: (command: string) => void }) {
  const { jobs } = useJobs({}, 'newest', 20);
  const titles = [...new Set(jobs.map(({ title }) => title))].slice(0, 5);
  if (titles.length === 0) return null;
  return (
    <p className="starters">
      <span className="faint">the last ones:</span>
      {titles.map((title) => (
        <button key={title} type="button" className="button is-small" onClick={() => onChoose(title)}>
          {title}
        </button>
      ))}
    </p>
  );
}

/** Who would run it, and the same job for a shell and for programs. */
function Preview({ job, queen }: { job: JobType; queen: string }) {
  const { drones } = useQueue();
  const verdicts = verdictsOf(job, drones.values());
  const now = verdicts.filter(({ when }) => when === 'now').length;
  const later = verdicts.filter(({ when }) => when === 'busy').length;
  return (
    <>
      <p role="status">
        {now > 0 ? (
          <>
            <strong>{count(now, 'drone')} would run it now</strong>
            {later > 0 && `, ${later} more when a slot is free`}
          </>
        ) : later > 0 ? (
          <>
            <strong>It will wait:</strong> {count(later, 'drone')} could run it, all slots are busy
          </>
        ) : (
          <>
            <strong>It will wait:</strong>{' '}
            {verdicts.length === 0 ? 'there is no drone' : `none of ${count(verdicts.length, 'drone')} can run it`}
          </>
        )}
      </p>
      <h2>As CLI</h2>
      <CommandLine text={asCli(job, queen)} />
      <h2>As JSON</h2>
      <CommandLine text={asJson(job)} />
    </>
  );
}

function jobIn(json: string): { job: JobType } | { problem: string } {
  try {
    const parsed = Job.safeParse(JSON.parse(json));
    if (parsed.success) return { job: parsed.data };
    const [issue] = parsed.error.issues;
    return { problem: issue ? `${issue.path.join('.')}: ${issue.message}` : 'This is no job' };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'This is no JSON' };
  }
}

function savedDraft(): Draft {
  try {
    const saved: unknown = JSON.parse(localStorage.getItem(DRAFT_KEY) ?? '{}');
    return { ...emptyDraft, ...(typeof saved === 'object' && saved) };
  } catch {
    return emptyDraft;
  }
}
