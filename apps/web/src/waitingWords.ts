import type { Waiting } from '@skep/protocol';
import { clockTime, ordinal } from './words.js';

/** Why a job waits, in a few words. */
export function waitingWords(waiting: Waiting): string {
  switch (waiting.reason) {
    case 'no-drone':
      return 'no drone is connected';
    case 'unmet-requirements':
      return `no drone has ${waiting.which.map(requirementWords).join(', ')}`;
    case 'all-busy':
      return `${ordinal(waiting.position)} in line, all slots are busy`;
    case 'paused':
      if (waiting.platform !== undefined)
        return `platform ${waiting.platform} is dropped${waiting.why === undefined ? '' : `: ${waiting.why}`}`;
      return 'the drones that could run it take no new jobs';
    case 'not-before':
      return `not before ${clockTime(waiting.at, false).slice(0, 8)}`;
    case 'group-full':
      return `the group ${waiting.group} is full`;
    case 'waiting-for-jobs':
      return waiting.count === 1 ? `waits for job ${waiting.jobs[0]}` : `waits for ${waiting.count} other jobs`;
  }
}

const requirementWords = (which: string): string =>
  which
    .replace(/^labels\./, 'label ')
    .replace(/^(platform|drone)=/, '$1 ')
    .replace(/^notDrones\./, 'another name than ');
