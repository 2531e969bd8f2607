import type { JobSummary } from '@skep/protocol';
import { Link } from 'wouter';
import { useNow } from '../feed/useFeed.js';
import { lookOf } from '../looks.js';
import { ago, span } from '../words.js';
import { jobPath } from './jobActions.js';

/** Jobs, which come newest first, as a mark each, the newest on the right; each leads to its job and says how long it took. */
export function JobTicks({ jobs, label }: { jobs: readonly JobSummary[]; label: string }) {
  const now = useNow(10_000);
  return (
    <ol className="ticks" aria-label={label}>
      {jobs.toReversed().map((job) => {
        const look = lookOf(job);
        const Icon = look.icon;
        const took = job.started !== null && job.finished !== null ? ` in ${span(job.finished - job.started)}` : '';
        const words = `${look.word}${took}, ${ago(job.queued, now)}`;
        return (
          <li key={job.id} className={`hue-${look.hue}${look.turns ? ' turns' : ''}`} title={words}>
            <Link href={jobPath(job.id)}>
              <Icon size={14} strokeWidth={2.5} aria-hidden="true" />
              <span className="visually-hidden">{words}</span>
            </Link>
          </li>
        );
      })}
    </ol>
  );
}
