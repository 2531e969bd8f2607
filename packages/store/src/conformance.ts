import { describe } from '@jest/globals';
import { describeArtifacts } from './conformance/artifacts.js';
import { describeAttempts } from './conformance/attempts.js';
import { describeCommits } from './conformance/commits.js';
import { describeEvents } from './conformance/events.js';
import { describeFamilies } from './conformance/families.js';
import { describeForgetting } from './conformance/forget.js';
import { describeHistory } from './conformance/history.js';
import { describeJobs } from './conformance/jobs.js';
import { describePlaces } from './conformance/places.js';
import { describeSchedules } from './conformance/schedules.js';
import { describeSnapshots } from './conformance/snapshots.js';
import type { Open } from './conformance/useStore.js';

export type { Open, OpenedStore } from './conformance/useStore.js';

/**
 * Holds a store against everything that `Store` promises, in tests of jest.
 * @param name what is held against it, for the names of the tests
 * @param open makes an empty store, once for each test
 */
export function describeStore(name: string, open: Open): void {
  describe(`${name} keeps the promises of a store`, () => {
    describeCommits(open);
    describeJobs(open);
    describeHistory(open);
    describeAttempts(open);
    describeEvents(open);
    describePlaces(open);
    describeSnapshots(open);
    describeSchedules(open);
    describeArtifacts(open);
    describeFamilies(open);
    describeForgetting(open);
  });
}
