import type { JobSummary } from '@skep/protocol';
import { type Look, lookOf } from '../looks.js';

/** A shape, and the word beside it. */
export function LookMark({ look, children }: { look: Look; children?: React.ReactNode }) {
  const Icon = look.icon;
  return (
    <span className={`status hue-${look.hue}${look.turns ? ' turns' : ''}`}>
      <Icon aria-hidden="true" size={16} strokeWidth={2.25} />
      <span>{children ?? look.word}</span>
    </span>
  );
}

type Shown = Pick<JobSummary, 'status' | 'outcome' | 'waiting' | 'exitCode' | 'signal'>;

/** How a job stands, with its exit code where that decided. */
export function JobStatus({ job }: { job: Shown }) {
  const look = lookOf(job);
  return (
    <LookMark look={look}>
      {job.outcome === 'failed' && !job.signal && job.exitCode !== null ? `failed: exit ${job.exitCode}` : look.word}
    </LookMark>
  );
}
