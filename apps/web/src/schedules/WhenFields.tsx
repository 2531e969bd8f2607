import type { WhenProblem } from '@skep/protocol';
import { useId, useMemo } from 'react';
import { useNow } from '../feed/useFeed.js';
import { Field } from '../parts/Field.js';
import { sentence } from '../words.js';
import { ComingTimes } from './ComingTimes.js';
import type { WhenDraft } from './scheduleDraft.js';
import { whenOf } from './scheduleDraft.js';
import { comingTimes } from './upcoming.js';
import { whenWords } from './whenWords.js';

const PREVIEWED = 10;
const kinds: readonly (readonly [WhenDraft['kind'], string])[] = [
  ['cron', 'by an expression'],
  ['minutes', 'every so many minutes'],
  ['hourly', 'hourly, at a minute that follows from the name'],
  ['daily', 'daily, at a time that follows from the name'],
  ['weekly', 'weekly, at a day and time that follow from the name'],
];

/** When a schedule runs: an expression and its zone, or a period. */
export function WhenFields({ draft, onChange }: { draft: WhenDraft; onChange: (draft: WhenDraft) => void }) {
  const id = useId();
  const meant = whenOf(draft);
  const problem = 'problem' in meant ? meant.problem : undefined;
  const zones = useMemo(() => Intl.supportedValuesOf('timeZone'), []);
  const set = (name: keyof WhenDraft) => (value: string) => onChange({ ...draft, [name]: value });
  return (
    <>
      <div>
        <label htmlFor={`${id}-kind`}>When</label>
        <select
          id={`${id}-kind`}
          value={draft.kind}
          onChange={(event) => onChange({ ...draft, kind: kinds.find(([kind]) => kind === event.target.value)?.[0] ?? 'cron' })}
        >
          {kinds.map(([kind, words]) => (
            <option key={kind} value={kind}>
              {words}
            </option>
          ))}
        </select>
      </div>
      <div className="fields">
        {draft.kind === 'cron' && (
          <Field
            id={`${id}-cron`}
            label="Minute, hour, day of the month, month, weekday"
            value={draft.cron}
            problem={problem?.field === 'cron' ? <At text={draft.cron} problem={problem} /> : undefined}
            onChange={set('cron')}
          />
        )}
        {draft.kind === 'minutes' && (
          <Field
            id={`${id}-minutes`}
            label="Minutes"
            value={draft.minutes}
            problem={problem?.field === 'every' ? problem.message : undefined}
            onChange={set('minutes')}
          />
        )}
        <Field
          id={`${id}-zone`}
          label="Time zone (UTC)"
          list={`${id}-zones`}
          value={draft.zone}
          problem={problem?.field === 'zone' ? problem.message : undefined}
          onChange={set('zone')}
        />
        <datalist id={`${id}-zones`}>
          {zones.map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
      </div>
    </>
  );
}

/** What is wrong with a text, and the text with that place marked. */
function At({ text, problem: { message, from, length } }: { text: string; problem: WhenProblem }) {
  return (
    <>
      {message}
      <code className="fault">
        {text.slice(0, from)}
        <mark>{text.slice(from, from + length) || '…'}</mark>
        {text.slice(from + length)}
      </code>
    </>
  );
}

/** The next times that a draft means, as it is typed. */
export function WhenPreview({ draft, name }: { draft: WhenDraft; name: string }) {
  const now = useNow(1000);
  const meant = whenOf(draft);
  if ('problem' in meant) return <p role="status">{meant.problem.message}</p>;
  const { when } = meant;
  return (
    <>
      <p role="status">
        <strong>{sentence(whenWords(when))}</strong>
      </p>
      <ComingTimes
        label={`The next ${PREVIEWED} times`}
        times={comingTimes(when, name, now, now, PREVIEWED)}
        zone={when.zone ?? 'UTC'}
        now={now}
      />
    </>
  );
}
