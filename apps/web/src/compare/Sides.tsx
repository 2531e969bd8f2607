import type { JobSummary } from '@skep/protocol';
import { Link } from 'wouter';
import { jobPath, shortId } from '../parts/jobActions.js';
import { JobStatus } from '../parts/Status.js';
import { Ago, Took } from '../parts/Time.js';

/** The two jobs that are compared, beside each other. */
export function Sides({ a, b }: { a: JobSummary; b: JobSummary }) {
  return (
    <div className="columns">
      <Side name="A" job={a} />
      <Side name="B" job={b} />
    </div>
  );
}

function Side({ name, job }: { name: string; job: JobSummary }) {
  return (
    <section className="card" aria-label={`Job ${name}`}>
      <div className="card-head">
        <h2>
          {name}: <Link href={jobPath(job.id)}>{job.title}</Link>
        </h2>
        <JobStatus job={job} />
      </div>
      <dl className="facts">
        <div>
          <dt>drone</dt>
          <dd>{job.drone ?? '–'}</dd>
        </div>
        <div>
          <dt>branch</dt>
          <dd>{job.branch ?? '–'}</dd>
        </div>
        <div>
          <dt>ran</dt>
          <dd>
            <Took from={job.started} to={job.finished} />
          </dd>
        </div>
        <div>
          <dt>submitted</dt>
          <dd>
            <Ago at={job.queued} />
          </dd>
        </div>
        <div>
          <dt>id</dt>
          <dd className="id">{shortId(job.id)}</dd>
        </div>
      </dl>
    </section>
  );
}
