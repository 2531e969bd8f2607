import { toSkepError } from '@skep/protocol';
import { compareArtifacts } from '../../reads/compareJobs.js';
import { type Core, decide } from '../core.js';
import { endParent } from '../endAttempt.js';
import type { LiveJob } from '../LiveJob.js';

/** How many artifacts a reason names. */
const NAMED = 3;
/** How long after a failure of the store the builds are compared once more, in ms. */
const AGAIN_MS = 30_000;

/** Ends a parent whose builds both passed: as passed if they left the same artifacts behind, and at least one. */
export async function compareBuilds(core: Core, parent: LiveJob): Promise<void> {
  try {
    const reason = await differenceOf(core, parent);
    // The coordinator may have begun anew meanwhile; then another one compares.
    if (core.jobs.get(parent.id) !== parent) return;
    const outcome = reason === null ? 'passed' : 'failed';
    await decide(core, (decision) => endParent(core, decision, parent, { outcome, reason, exitCode: null, signal: null }));
  } catch (error) {
    core.log.warn({ err: toSkepError(error), jobId: parent.id }, 'two builds could not be compared yet');
    if (core.jobs.get(parent.id) === parent) core.clock.setTimer(() => core.onBuilt(parent), AGAIN_MS);
  }
}

/** Why two builds are not the same; null if they are. */
async function differenceOf(core: Core, { family }: LiveJob): Promise<string | null> {
  const [first = [], second = []] = await Promise.all((family?.children ?? []).map(({ id, attempt }) => core.store.artifacts(id, attempt)));
  if (first.length === 0 && second.length === 0) return 'not reproducible: neither build left an artifact behind';
  const words = { differs: 'differs', 'only-a': 'only in build 1', 'only-b': 'only in build 2' };
  const differences = compareArtifacts(first, second).flatMap(({ path, state }) => (state === 'equal' ? [] : [`${path} ${words[state]}`]));
  if (differences.length === 0) return null;
  const more = differences.length > NAMED ? ` and ${differences.length - NAMED} more` : '';
  return `not reproducible: ${differences.slice(0, NAMED).join(', ')}${more}`;
}
