import type { Usual } from '@skep/protocol';
import { expectedDuration } from '@skep/scheduler';
import { tellJobChanged } from './announce.js';
import { type Core, decideAlone } from './core.js';
import type { LiveJob } from './LiveJob.js';

/** How long a job has run before anybody is told how long it usually takes, in ms: shorter ones are over by then, and cost nothing. */
const AFTER_MS = 1000;

/** Has watchers told how long a job that has just begun to run usually takes, once it has run for a moment. */
export function tellUsualSoon(core: Core, job: LiveJob): void {
  job.setTimer(core.clock, 'usual', AFTER_MS, () => {
    // A store that cannot be read is noticed by whoever must have an answer.
    tellUsual(core, job).catch(() => undefined);
  });
}

async function tellUsual(core: Core, job: LiveJob): Promise<void> {
  const { attempt, record } = job;
  if (!attempt || record.runKey === null) return;
  const runs = await core.history.of(record.runKey);
  const { droneId, droneSpeed } = attempt.record;
  const usual = expectedDuration(runs, droneSpeed === null ? undefined : { id: droneId, speed: droneSpeed });
  if (!usual || job.attempt !== attempt) return;
  attempt.usual = usual satisfies Usual;
  decideAlone(core, (decision) => tellJobChanged(core, decision, job));
}
