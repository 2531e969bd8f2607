import { isTask, type JobInfo } from '@skep/protocol';
import type { AttemptEventLine } from '../output/useOutput.js';

/** What a task was given, what it said of its progress last, and what it returned; nothing of any other job. */
export function TaskValues({ job, events }: { job: JobInfo; events: readonly AttemptEventLine[] }) {
  if (!isTask(job.data)) return null;
  const said = (name: string): unknown => events.findLast((event) => event.name === name)?.args[0];
  const values = [
    ['input', job.data.data],
    ['progress', said('job:progress') ?? job.progress],
    ['result', said('job:result') ?? job.result],
  ] as const;
  return (
    <section className="panel" aria-labelledby="task-title">
      <h2 id="task-title">Task {job.data.job_type}</h2>
      <dl className="facts is-tall">
        {values.map(
          ([name, value]) =>
            value !== undefined && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  <code className="task-value">{JSON.stringify(value, null, 2)}</code>
                </dd>
              </div>
            ),
        )}
      </dl>
    </section>
  );
}
