import type { OutputGap } from '@skep/protocol';
import { size } from '../words.js';

/** What is missing at a place of the output, and why. */
export const gapWords = ({ firstLine, why, cut }: OutputGap): string =>
  cut
    ? `${size(cut.bytes)} left out: beyond maxOutput of ${size(cut.limit)}`
    : `what came after line ${firstLine.toLocaleString()} is missing: ${why}`;
