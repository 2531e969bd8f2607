import { fullTime, span } from '../words.js';
import { type Coming, offsetOf } from './upcoming.js';

/** Times to come: in the zone of the schedule, and by the reader's own clock where that differs. */
export function ComingTimes({ times, zone, now, label }: { times: readonly Coming[]; zone: string; now: number; label: string }) {
  if (times.length === 0) return <p className="faint">It never runs.</p>;
  const isElsewhere = times.some(({ at, local }) => offsetOf(local) !== -new Date(at).getTimezoneOffset());
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what may be wider than its box must be scrollable by keyboard
    <div className="scroll" tabIndex={0}>
      <table className="plain" aria-label={label}>
        <thead>
          <tr>
            <th scope="col">In {zone}</th>
            {isElsewhere && <th scope="col">Your time</th>}
            <th scope="col">From now</th>
          </tr>
        </thead>
        <tbody>
          {times.map(({ at, shiftMinutes }) => (
            <tr key={at}>
              <th scope="row">
                <time dateTime={new Date(at).toISOString()} title={fullTime(at)}>
                  {dayAndTime(at, zone)}
                </time>
                {shiftMinutes !== 0 && <span className="badge">clocks went {shiftWords(shiftMinutes)}</span>}
              </th>
              {isElsewhere && <td>{dayAndTime(at)}</td>}
              <td>{span(at - now)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const shiftWords = (minutes: number): string =>
  `${minutes > 0 ? 'forward' : 'back'} ${span(Math.abs(minutes) * 60_000).replace(/ 0 m$/, '')}`;

/** Weekday, day and time, by the clocks of a zone or of the reader. */
function dayAndTime(at: number, timeZone?: string): string {
  return new Date(at).toLocaleString(undefined, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(timeZone !== undefined && { timeZone }),
  });
}
