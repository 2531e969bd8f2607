import type { JobSummary, Schedule } from '@skep/protocol';
import { Link } from 'wouter';
import { useQueue } from '../feed/useFeed.js';
import { droneLooks, lookOf } from '../looks.js';
import { dronePath, jobPath } from '../parts/jobActions.js';
import { LookMark } from '../parts/Status.js';
import { Ago } from '../parts/Time.js';
import { failureOf, lookOfResult } from '../schedules/scheduleLook.js';
import { schedulePath } from '../schedules/schedulePath.js';
import { waitingWords } from '../waitingWords.js';
import { count } from '../words.js';

const SHOWN = 5;

/** Drones, schedules and jobs that do not mend by themselves; one calm line if there are none. */
export function NeedsYou({ waiting, schedules }: { waiting: readonly JobSummary[]; schedules: readonly Schedule[] }) {
  const { drones } = useQueue();
  const sick = [...drones.values()].filter(({ state }) => state === 'lost' || state === 'quarantined');
  const blocked = waiting.filter((job) => lookOf(job).word === 'blocked');
  const failing = schedules.flatMap((schedule) => {
    const result = failureOf(schedule);
    return result ? [{ name: schedule.name, result }] : [];
  });
  if (sick.length === 0 && blocked.length === 0 && failing.length === 0) return <p className="calm">Nothing needs you.</p>;
  return (
    <section className="panel is-urgent" aria-labelledby="needs-title">
      <h2 id="needs-title">
        Needs you <span className="badge">{sick.length + failing.length + blocked.length}</span>
      </h2>
      <ul className="needs">
        {sick.slice(0, SHOWN).map((drone) => (
          <li key={drone.id}>
            <LookMark look={droneLooks[drone.state]} />
            <Link href={dronePath(drone.id)}>{drone.name}</Link>
            <span>
              {drone.reason ?? (drone.state === 'lost' && 'gone without a word')}
              {drone.state === 'lost' && drone.seenAt !== null && (
                <>
                  , last heard <Ago at={drone.seenAt} />
                </>
              )}
            </span>
          </li>
        ))}
        {sick.length > SHOWN && (
          <li>
            <Link href="/drones">and {count(sick.length - SHOWN, 'more drone')}</Link>
          </li>
        )}
        {failing.slice(0, SHOWN).map(({ name, result }) => (
          <li key={name}>
            <LookMark look={lookOfResult(result)} />
            <Link href={schedulePath(name)}>{name}</Link>
            <span>
              its last run, <Ago at={result.due ?? result.at} />
              {result.reason !== undefined && `: ${result.reason}`}
            </span>
          </li>
        ))}
        {failing.length > SHOWN && (
          <li>
            <Link href="/schedules">and {count(failing.length - SHOWN, 'more schedule')}</Link>
          </li>
        )}
        {blocked.slice(0, SHOWN).map((job) => (
          <li key={job.id}>
            <LookMark look={lookOf(job)} />
            <Link href={jobPath(job.id)}>{job.title}</Link>
            <span>{job.waiting && waitingWords(job.waiting)}</span>
          </li>
        ))}
        {blocked.length > SHOWN && (
          <li>
            <Link href="/jobs?show=queued">and {count(blocked.length - SHOWN, 'more job')}</Link>
          </li>
        )}
      </ul>
    </section>
  );
}
