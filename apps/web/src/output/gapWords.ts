import type { OutputGap } from '@skep/protocol';
import { size } from '../words.js';

/** What a place says at which something is missing; the drone's own line says it where it left that out, but not how much it is for people. */
export const gapWords = ({ why, cut }: OutputGap): string => (cut ? `${size(cut.bytes)} left out` : `missing here: ${why}`);
