import type { Schedule } from '@skep/protocol';
import { Link, useSearchParams } from 'wouter';
import { asJson } from '../asCli.js';
import { useSchedules } from '../feed/schedules.js';
import { useNow, useQueue } from '../feed/useFeed.js';
import { jobPath, shortId } from '../parts/jobActions.js';
import { Failed, Skeleton } from '../parts/States.js';
import { LookMark } from '../parts/Status.js';
import { Ago } from '../parts/Time.js';
import { useTitle } from '../parts/useTitle.js';
import { ComingTimes } from '../schedules/ComingTimes.js';
import { missedWords, overlapWords } from '../schedules/policyWords.js';
import { ScheduleActions } from '../schedules/ScheduleActions.js';
import { ScheduleForm } from '../schedules/ScheduleForm.js';
import { lookOfResult, lookOfSchedule } from '../schedules/scheduleLook.js';
import { Ticks } from '../schedules/Ticks.js';
import { nextOf } from '../schedules/upcoming.js';
import { whenWords } from '../schedules/whenWords.js';
import { fullTime, sentence } from '../words.js';

const NEXT = 5;

/** One schedule: when it runs, what it runs, and what became of it; `?edit=1` changes it. */
export function SchedulePage({ name }: { name: string }) {
  const { data, error, isPending, refetch } = useSchedules();
  const [search] = useSearchParams();
  const schedule = data?.find((each) => each.name === name);
  useTitle(name);
  if (schedule && search.get('edit') !== '1') return <Whole schedule={schedule} />;
  return (
    <>
      <h1>{name}</h1>
      {isPending && <Skeleton />}
      {!data && error && <Failed what="The schedules cannot be read." error={error} onRetry={() => void refetch()} />}
      {data && !schedule && (
        <p>
          There is no schedule of this name. <Link href="/schedules">All schedules</Link>
        </p>
      )}
      {schedule && <ScheduleForm begin={schedule} />}
    </>
  );
}

function Whole({ schedule }: { schedule: Schedule }) {
  const now = useNow(1000);
  const { connection } = useQueue();
  const { name, when, paused, description, missed, overlap, results, running } = schedule;
  const zone = when.zone ?? 'UTC';
  return (
    <>
      <div className="page-head">
        <h1>{name}</h1>
        <LookMark look={lookOfSchedule(schedule)} />
        {connection === 'lost' && <span className="faint">as last known</span>}
        <ScheduleActions schedule={schedule} isWhole />
      </div>
      {description && <p>{sentence(description)}</p>}
      {paused && (
        <p>
          Paused <Ago at={paused.since} />
          {paused.reason !== undefined && <>: {paused.reason}</>}
        </p>
      )}
      <dl className="facts is-wide">
        <div>
          <dt>runs</dt>
          <dd>
            {whenWords(when)}
            {'cron' in when && (
              <>
                {' '}
                <code>{when.cron}</code>
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>zone</dt>
          <dd>{zone}</dd>
        </div>
        <div>
          <dt>times that pass while the queen is down</dt>
          <dd>{missedWords[missed]}</dd>
        </div>
        <div>
          <dt>a time at which the last run is not over</dt>
          <dd>{overlapWords[overlap]}</dd>
        </div>
        {running.length > 0 && (
          <div>
            <dt>runs now</dt>
            <dd>
              {running.map((id) => (
                <Link key={id} href={jobPath(id)}>
                  {shortId(id)}
                </Link>
              ))}
            </dd>
          </div>
        )}
      </dl>
      <section aria-labelledby="next-times">
        <h2 id="next-times">{paused ? 'When it would run' : 'Next times'}</h2>
        <ComingTimes label="Next times" times={nextOf(schedule, now, NEXT)} zone={zone} now={now} />
      </section>
      <section aria-labelledby="results">
        <h2 id="results">What became of the last times</h2>
        <Ticks name={name} results={results} />
        {results.length > 0 && <Results schedule={schedule} />}
      </section>
      <section aria-labelledby="runs-what">
        <h2 id="runs-what">What it runs</h2>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys */}
        <pre className="json" tabIndex={0}>
          {schedule.job ? asJson(schedule.job) : JSON.stringify(schedule.template, null, 2)}
        </pre>
      </section>
    </>
  );
}

function Results({ schedule: { name, results } }: { schedule: Schedule }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what may be wider than its box must be scrollable by keyboard
    <div className="scroll" tabIndex={0}>
      <table className="plain" aria-label={`What became of ${name}`}>
        <thead>
          <tr>
            <th scope="col">For</th>
            <th scope="col">Became</th>
            <th scope="col">Job</th>
          </tr>
        </thead>
        <tbody>
          {results.map((result) => (
            <tr key={`${result.at} ${result.due ?? ''}`}>
              <th scope="row">{result.due === null ? `by hand, ${fullTime(result.at)}` : fullTime(result.due)}</th>
              <td>
                <LookMark look={lookOfResult(result)} />
                {result.reason !== undefined && <span className="faint"> {result.reason}</span>}
              </td>
              <td>{result.job === undefined ? '–' : <Link href={jobPath(result.job)}>{shortId(result.job)}</Link>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
