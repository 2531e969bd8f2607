import { availableParallelism, totalmem } from 'node:os';
import type { Labels } from '@skep/protocol';

const GIB = 1024 ** 3;

/** What a machine says of itself in labels: `os` (linux, darwin, ...), `arch` (x64, arm64, ...), `cpus`, and `memory` in GiB, rounded. */
export const factLabels = (): Labels => ({
  os: process.platform,
  arch: process.arch,
  cpus: String(availableParallelism()),
  memory: String(Math.max(1, Math.round(totalmem() / GIB))),
});
