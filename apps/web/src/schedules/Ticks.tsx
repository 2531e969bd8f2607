import type { ScheduleResult } from '@skep/protocol';
import { Link } from 'wouter';
import { useNow } from '../feed/useFeed.js';
import { jobPath } from '../parts/jobActions.js';
import { ago } from '../words.js';
import { lookOfResult } from './scheduleLook.js';

/** The last results, the newest on the right: a mark each, which leads to its job. */
export function Ticks({ name, results }: { name: string; results: readonly ScheduleResult[] }) {
  const now = useNow(10_000);
  if (results.length === 0) return <span className="faint">not run yet</span>;
  return (
    <ol className="ticks" aria-label={`Last results of ${name}`}>
      {[...results].reverse().map((result) => {
        const look = lookOfResult(result);
        const Icon = look.icon;
        const words = `${look.word}, ${ago(result.due ?? result.at, now)}${result.due === null ? ', by hand' : ''}`;
        const mark = (
          <>
            <Icon size={14} strokeWidth={2.5} aria-hidden="true" />
            <span className="visually-hidden">{words}</span>
          </>
        );
        return (
          <li key={`${result.at} ${result.due ?? ''} ${result.job ?? ''}`} className={`hue-${look.hue}`} title={words}>
            {result.job === undefined ? mark : <Link href={jobPath(result.job)}>{mark}</Link>}
          </li>
        );
      })}
    </ol>
  );
}
