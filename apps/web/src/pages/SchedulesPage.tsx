import type { Schedule } from '@skep/protocol';
import { useRef } from 'react';
import { Link, useSearchParams } from 'wouter';
import { useSchedules } from '../feed/schedules.js';
import { useNow } from '../feed/useFeed.js';
import { useKeys } from '../keys.js';
import { Empty, Failed, Skeleton } from '../parts/States.js';
import { LookMark } from '../parts/Status.js';
import { useRowFocus } from '../parts/useRowFocus.js';
import { useTitle } from '../parts/useTitle.js';
import { scheduleExamples } from '../schedules/examples.js';
import { ScheduleActions } from '../schedules/ScheduleActions.js';
import { ScheduleForm } from '../schedules/ScheduleForm.js';
import { lookOfSchedule } from '../schedules/scheduleLook.js';
import { schedulePath } from '../schedules/schedulePath.js';
import { Ticks } from '../schedules/Ticks.js';
import { nextOf } from '../schedules/upcoming.js';
import { whenWords } from '../schedules/whenWords.js';
import { fullTime, span } from '../words.js';

/** What runs by itself: when, and what became of it; `?new=` adds one, from an example if that is named. */
export function SchedulesPage() {
  const [search] = useSearchParams();
  const example = search.get('new');
  useTitle(example === null ? 'Schedules' : 'New schedule');
  if (example !== null)
    return (
      <>
        <h1>New schedule</h1>
        <ScheduleForm key={example} begin={scheduleExamples.find(({ name }) => name === example)} />
      </>
    );
  return (
    <>
      <div className="page-head">
        <h1>Schedules</h1>
        <Link href="/schedules?new=" className="button">
          New schedule
        </Link>
      </div>
      <ScheduleList />
    </>
  );
}

function ScheduleList() {
  const { data, error, isPending, refetch } = useSchedules();
  const body = useRef<HTMLTableSectionElement>(null);
  const { move } = useRowFocus(body, 'a.job-link');
  useKeys({ j: () => move(1), k: () => move(-1) });
  if (isPending) return <Skeleton />;
  if (!data) return <Failed what="The schedules cannot be read." error={error} onRetry={() => void refetch()} />;
  if (data.length === 0) return <NoSchedule />;
  return (
    <table className="table schedules" aria-label="Schedules">
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col">Schedule</th>
          <th scope="col">Next</th>
          <th scope="col">Last results</th>
          <th scope="col">
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody ref={body}>
        {data.map((schedule) => (
          <Row key={schedule.name} schedule={schedule} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ schedule }: { schedule: Schedule }) {
  const now = useNow(1000);
  const { name, when, paused, results } = schedule;
  const [next] = nextOf(schedule, now, 1);
  return (
    <tr>
      <td>
        <LookMark look={lookOfSchedule(schedule)} />
      </td>
      <td className="schedule-cell">
        <Link href={schedulePath(name)} className="job-link">
          <span className="title">{name}</span>
        </Link>
        <span className="job-note">
          {whenWords(when)}
          {when.zone !== undefined && ` · ${when.zone}`}
          {paused?.reason !== undefined && ` · paused: ${paused.reason}`}
        </span>
      </td>
      <td data-label="Next">
        {paused || !next ? (
          <span className="faint">–</span>
        ) : (
          <time dateTime={new Date(next.at).toISOString()} title={fullTime(next.at)}>
            in {span(next.at - now)}
          </time>
        )}
      </td>
      <td>
        <Ticks name={name} results={results} />
      </td>
      <td>
        <ScheduleActions schedule={schedule} />
      </td>
    </tr>
  );
}

function NoSchedule() {
  return (
    <Empty>
      <p>Nothing runs by itself yet. Begin with one of these and change what you like:</p>
      <ul className="link-list">
        {scheduleExamples.map(({ name, when, description }) => (
          <li key={name}>
            <Link href={`/schedules?new=${name}`}>{name}</Link>: {description}, {whenWords(when)}
          </li>
        ))}
      </ul>
    </Empty>
  );
}
