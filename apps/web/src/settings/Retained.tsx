import type { Retention, RetentionAnswer } from '@skep/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { useFeed } from '../feed/useFeed.js';
import { CommandLine } from '../parts/Copy.js';
import { Failed, Skeleton } from '../parts/States.js';
import { Ago } from '../parts/Time.js';
import { count, size } from '../words.js';
import { boundWords, keptRows } from './keptWords.js';

/** How many of the jobs that are about to go are shown. */
const SHOWN = 50;

/** What the queen keeps, and which jobs her next round removes. */
export function Retained() {
  const { client } = useFeed();
  const { data, error, isPending, refetch } = useQuery({ queryKey: ['retention'], queryFn: () => client.retention(), staleTime: 0 });
  if (isPending) return <Skeleton rows={4} />;
  if (!data) return <Failed what="What is kept cannot be read." error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <Bounds retention={data.retention} />
      <Leaving plan={data} />
      <p>Bounds are given where the queen is started; there may be several:</p>
      <CommandLine text="skep queen --keep passed.days=90 --keep failed.jobs=100" />
    </>
  );
}

const Bounds = ({ retention }: { retention: Retention }) => (
  <table className="table" aria-label="What is kept">
    <thead>
      <tr>
        <th scope="col">What</th>
        <th scope="col">Kept</th>
      </tr>
    </thead>
    <tbody>
      {keptRows(retention).map(([what, bounds]) => (
        <tr key={what}>
          <td>{what}</td>
          <td data-label="kept">{bounds}</td>
        </tr>
      ))}
    </tbody>
  </table>
);

function Leaving({ plan: { jobs, count: all, bytes } }: { plan: RetentionAnswer }) {
  if (all === 0) return <p>The next round, once an hour, removes no job.</p>;
  return (
    <>
      <p>
        The next round, once an hour, removes {count(all, 'job')} with {size(bytes)} of output and artifacts
        {all > SHOWN ? `; the newest ${SHOWN} of them:` : ':'}
      </p>
      <table className="table" aria-label="Jobs that are about to be removed">
        <thead>
          <tr>
            <th scope="col">Job</th>
            <th scope="col">Project</th>
            <th scope="col">Outcome</th>
            <th scope="col">Ended</th>
            <th scope="col">Size</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {jobs.slice(0, SHOWN).map(({ job, project, outcome, finished, bytes: own, because }) => (
            <tr key={job}>
              <td>
                <Link href={`/jobs/${job}`}>{job}</Link>
              </td>
              <td data-label="Project">{project ?? '–'}</td>
              <td data-label="Outcome">{outcome ?? '–'}</td>
              <td data-label="Ended">
                <Ago at={finished} />
              </td>
              <td data-label="Size">{size(own)}</td>
              <td data-label="Why">{boundWords[because]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
