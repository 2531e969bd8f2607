import type { Schedule } from '@skep/protocol';
import { Link } from 'wouter';
import { useNow } from '../feed/useFeed.js';
import { schedulePath } from '../schedules/schedulePath.js';
import { fullTime, span } from '../words.js';

const SHOWN = 5;

/** What runs next by itself. */
export function NextSchedules({ schedules }: { schedules: readonly Schedule[] }) {
  const now = useNow(1000);
  const next = schedules
    .filter(({ paused }) => !paused)
    .flatMap(({ name, next: times }) =>
      times
        .filter(({ at }) => at > now)
        .slice(0, 1)
        .map(({ at }) => ({ name, at })),
    )
    .sort((a, b) => a.at - b.at);
  return (
    <section className="panel" aria-labelledby="next-title">
      <h2 id="next-title">
        <Link href="/schedules">Next schedules</Link>
      </h2>
      {next.length === 0 && <p className="faint">Nothing is due.</p>}
      <ul className="job-list">
        {next.slice(0, SHOWN).map(({ name, at }) => (
          <li key={`${name} ${at}`}>
            <span className="job-list-head">
              <Link href={schedulePath(name)}>{name}</Link>
              <time className="number" dateTime={new Date(at).toISOString()} title={fullTime(at)}>
                in {span(at - now)}
              </time>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
