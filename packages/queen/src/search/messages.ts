import type { SearchHit } from '@skep/protocol';
import type { Found } from './LineScanner.js';

/** What is said to a searching thread when there are no more pages. */
export const END = 'end';

/** What a searching thread says to each page, and to the end. */
export interface SearchReply {
  hits: SearchHit[];
  /** Whether it needs no more pages. */
  isFull: boolean;
  /** What was found in all; said at the end. */
  found?: Found;
}
