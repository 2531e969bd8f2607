import { type Schedule, ScheduleBody } from '@skep/protocol';
import { useId, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { type Draft, draftOf, emptyDraft, jobOf, matrixLabel } from '../draft.js';
import { useShowSchedule } from '../feed/schedules.js';
import { useFeed, useQueue } from '../feed/useFeed.js';
import { Field } from '../parts/Field.js';
import { errorWords } from '../parts/notices.js';
import { missedWords, overlapWords } from './policyWords.js';
import { restOf, whenDraftOf, whenOf } from './scheduleDraft.js';
import { schedulePath } from './schedulePath.js';
import { WhenFields, WhenPreview } from './WhenFields.js';

/** Adds a schedule, or changes one. What it runs is given as fields, or as JSON where they cannot say all of it. */
export function ScheduleForm({ begin }: { begin: ScheduleBody | Schedule | undefined }) {
  const { schedules } = useFeed().client;
  const { connection } = useQueue();
  const show = useShowSchedule();
  const [, navigate] = useLocation();
  const isChange = begin !== undefined && 'created' in begin;
  const [rest, setRest] = useState(() => restOf(begin));
  const [when, setWhen] = useState(() => whenDraftOf(begin?.when));
  const [first] = useState(() => (begin ? begin.job && draftOf(begin.job) : emptyDraft));
  const [draft, setDraft] = useState(first ?? emptyDraft);
  const [firstJson] = useState(() =>
    first ? undefined : JSON.stringify(begin?.template ? { template: begin.template } : begin?.job, null, 2),
  );
  const [json, setJson] = useState(firstJson);
  const [failure, setFailure] = useState<string>();
  const id = useId();
  const job = jobOf(draft);
  const problems = failure !== undefined && json === undefined && 'problems' in job ? job.problems : {};

  /** What it is to run; nothing where that was not touched, as its secrets are not known here. */
  const what = (): Partial<ScheduleBody> => {
    if (json !== undefined) {
      if (isChange && json === firstJson) return {};
      const given: unknown = JSON.parse(json);
      return given !== null && typeof given === 'object' && 'template' in given
        ? (given as ScheduleBody)
        : { job: given as ScheduleBody['job'] };
    }
    if (isChange && JSON.stringify(draft) === JSON.stringify(first)) return {};
    if (!('job' in job)) throw new Error(Object.values(job.problems).join('; '));
    return { job: job.job };
  };
  const save = async (): Promise<void> => {
    try {
      const meant = whenOf(when);
      if ('problem' in meant) throw new Error(meant.problem.message);
      const { name, description, ...policies } = rest;
      const change = { ...policies, ...what(), when: meant.when, ...((description !== '' || isChange) && { description }) };
      const saved = isChange ? await schedules.change(begin.name, change) : await schedules.add(checked({ name, ...change }));
      show(saved);
      navigate(schedulePath(saved.name));
    } catch (error) {
      setFailure(errorWords(error));
    }
  };
  const field = (name: keyof Draft, label: string, rows = 1) => (
    <Field
      id={`${id}-${name}`}
      label={label}
      rows={rows}
      value={draft[name]}
      problem={problems[name]}
      onChange={(value) => setDraft((all) => ({ ...all, [name]: value }))}
    />
  );
  return (
    <div className="split">
      <form
        className="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {failure !== undefined && (
          <div className="failed" role="alert">
            <p>
              <strong>Not saved.</strong> {failure}
            </p>
          </div>
        )}
        {!isChange && (
          <Field id={`${id}-name`} label="Name" value={rest.name} problem={undefined} onChange={(name) => setRest({ ...rest, name })} />
        )}
        <Field
          id={`${id}-description`}
          label="What it is for"
          value={rest.description}
          problem={undefined}
          onChange={(description) => setRest({ ...rest, description })}
        />
        <WhenFields draft={when} onChange={setWhen} />
        {json === undefined ? (
          <>
            {field('commands', 'Commands, one a line; each runs in a shell of its own', 3)}
            {field('labels', 'Labels that the drone must have, NAME=VALUE', 2)}
            <div className="fields">
              {field('repo', 'Repository')}
              {field('branch', 'Branch or tag')}
            </div>
            <div className="fields">
              {field('env', 'Variables, NAME=VALUE', 2)}
              {field('project', 'Project')}
            </div>
            {field('matrix', matrixLabel)}
          </>
        ) : (
          <Field id={`${id}-json`} label="What it runs, as JSON" rows={14} value={json} problem={undefined} onChange={setJson} />
        )}
        <div className="fields">
          <Choice
            label="Times that pass while the queen is down"
            words={missedWords}
            value={rest.missed}
            onChange={(missed) => setRest({ ...rest, missed })}
          />
          <Choice
            label="A time at which the last run is not over"
            words={overlapWords}
            value={rest.overlap}
            onChange={(overlap) => setRest({ ...rest, overlap })}
          />
        </div>
        <div className="actions">
          <button type="submit" className="button is-main" disabled={connection !== 'live'}>
            {isChange ? 'Save' : 'Add it'}
          </button>
          <Link href={isChange ? schedulePath(begin.name) : '/schedules'} className="button">
            Leave it
          </Link>
          {connection !== 'live' && <span className="faint">not while the queen is away</span>}
        </div>
      </form>
      <aside className="panel" aria-label="When it will run">
        <WhenPreview draft={when} name={rest.name} />
      </aside>
    </div>
  );
}

/** @throws {Error} that says what is wrong */
function checked(body: unknown): ScheduleBody {
  const parsed = ScheduleBody.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; '));
}

function Choice<T extends string>(props: { label: string; words: Record<T, string>; value: T; onChange: (value: T) => void }) {
  const id = useId();
  const values = Object.keys(props.words) as T[];
  return (
    <div>
      <label htmlFor={id}>{props.label}</label>
      <select
        id={id}
        value={props.value}
        onChange={(event) => props.onChange(values.find((value) => value === event.target.value) ?? props.value)}
      >
        {values.map((value) => (
          <option key={value} value={value}>
            {props.words[value]}
          </option>
        ))}
      </select>
    </div>
  );
}
