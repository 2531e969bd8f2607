import type { Waiting } from '@skep/protocol';
import { clockTime, ordinal } from './words.js';

/** Why a job waits, in a few words. */
export function waitingWords(waiting: Waiting): string {
  switch (waiting.reason) {
    case 'no-drone':
      return 'no drone is connected';
    case 'unmet-requirements':
      return `no drone has ${waiting.which.map((which) => which.replace(/^labels\./, 'label ')).join(', ')}`;
    case 'all-busy':
      return `${ordinal(waiting.position)} in line, all slots are busy`;
    case 'paused':
      return 'the drones that could run it take no new jobs';
    case 'not-before':
      return `not before ${clockTime(waiting.at, false).slice(0, 8)}`;
    case 'group-full':
      return `the group ${waiting.group} is full`;
    case 'waiting-for-jobs':
      return waiting.count === 1 ? `waits for job ${waiting.jobs[0]}` : `waits for ${waiting.count} other jobs`;
  }
}

/** What would let it start. */
export function unblockWords(waiting: Waiting): string {
  switch (waiting.reason) {
    case 'no-drone':
      return 'Start a drone; the job goes to it at once.';
    case 'unmet-requirements':
      return 'Start a drone that has this, or submit the job again with other requirements.';
    case 'all-busy':
      return 'It starts when one of the slots below is free; another drone would let it start sooner.';
    case 'paused':
      return 'Resume one of the drones below.';
    case 'not-before':
      return 'It starts by itself at that time.';
    case 'group-full':
      return 'It starts when another job of its group is done.';
    case 'waiting-for-jobs':
      return 'It starts when all of those jobs have passed.';
  }
}
