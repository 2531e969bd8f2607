import type { Stats } from '@skep/protocol';
import { clockTime, count, span } from '../words.js';

const HEIGHT = 64;
const WIDTH = 10;
const GAP = 2;

/** What became of jobs within the last day: bars for the eye, and the same as a table. */
export function LastDay({ stats }: { stats: Stats }) {
  const columns = stats.buckets.map(({ at, outcomes, waits }) => {
    const jobs = sum(outcomes);
    const passed = outcomes.passed ?? 0;
    return { at, jobs, passed, rest: jobs - passed - failuresIn(outcomes), failed: failuresIn(outcomes), waits };
  });
  const most = Math.max(1, ...columns.map(({ jobs }) => jobs));
  const all = sum(stats.outcomes);
  const failed = failuresIn(stats.outcomes);
  const width = columns.length * (WIDTH + GAP) - GAP;
  return (
    <section className="panel" aria-labelledby="day-title">
      <h2 id="day-title">Last 24 h</h2>
      {all === 0 ? (
        <p className="faint">No job has ended.</p>
      ) : (
        <>
          <p>
            <strong>{count(all, 'job')}</strong> ended
            {failed > 0 ? (
              <>
                , <strong className="hue-red">{count(failed, 'of them failed', 'of them failed')}</strong> ({share(failed, all)})
              </>
            ) : (
              ', none failed'
            )}
          </p>
          <svg className="day" viewBox={`0 0 ${width} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
            {columns.map(({ at, passed, rest, failed: bad }, index) => (
              <g key={at} transform={`translate(${index * (WIDTH + GAP)} 0)`}>
                <rect className="is-base" y={HEIGHT - 1} width={WIDTH} height={1} />
                <Bar from={0} jobs={passed} most={most} kind="is-passed" />
                <Bar from={passed} jobs={rest} most={most} kind="is-rest" />
                <Bar from={passed + rest} jobs={bad} most={most} kind="is-failed" />
              </g>
            ))}
          </svg>
          <p className="day-axis faint" aria-hidden="true">
            <span>{hour(stats.from)}</span>
            <span className="legend">
              <span className="key is-passed" /> passed <span className="key is-failed" /> failed
              {columns.some(({ rest }) => rest > 0) && (
                <>
                  {' '}
                  <span className="key is-rest" /> cancelled
                </>
              )}
            </span>
            <span>now</span>
          </p>
          <details>
            <summary>Show data</summary>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what may be wider than its box must be scrollable by keyboard */}
            <div className="scroll" tabIndex={0}>
              <table className="plain" aria-label="Jobs that ended within the last 24 hours">
                <thead>
                  <tr>
                    <th scope="col">From</th>
                    <th scope="col">Ended</th>
                    <th scope="col">Failed</th>
                    <th scope="col">Half waited at most</th>
                  </tr>
                </thead>
                <tbody>
                  {columns.map(({ at, jobs, failed: bad, waits }) => (
                    <tr key={at}>
                      <th scope="row">{hour(at)}</th>
                      <td>{jobs}</td>
                      <td>{jobs === 0 ? '–' : `${bad} (${share(bad, jobs)})`}</td>
                      <td>{waits ? span(waits.p50) : '–'}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </details>
        </>
      )}
    </section>
  );
}

function Bar({ from, jobs, most, kind }: { from: number; jobs: number; most: number; kind: string }) {
  if (jobs === 0) return null;
  const [top, bottom] = [from + jobs, from].map((value) => HEIGHT - (value / most) * HEIGHT) as [number, number];
  return <rect className={kind} y={top} width={WIDTH} height={bottom - top} />;
}

type Outcomes = Stats['outcomes'];

const sum = (outcomes: Outcomes): number => Object.values(outcomes).reduce((all, jobs) => all + jobs, 0);
const failuresIn = ({ passed: _, cancelled: _cancelled, ...failures }: Outcomes): number => sum(failures);
const share = (part: number, all: number): string => `${Math.round((part / all) * 100)}\u00a0%`;
const hour = (at: number): string => clockTime(at, false).slice(0, 5);
