import { type WearLimits, wornBy as wornOut } from '@skep/pool';
import type { Condition } from '../executor/executorMessages.js';
import { VERSION } from '../version.js';

/** When an executor is replaced by a fresh one, which happens between two attempts. Its memory is that after an attempt. */
export interface ExecutorLimits extends WearLimits {
  /** Attempts that it has run. */
  readonly maxAttempts: number;
}

export const EXECUTOR_LIMITS: ExecutorLimits = {
  maxAgeMs: 24 * 3600_000,
  maxAttempts: 1000,
  maxMemoryBytes: 512 * 1024 * 1024,
};

/** Why an executor in this condition shall be replaced, in words; `undefined` if it is good for another attempt. */
export function wornBy({ version, attempts, isSpent, ...condition }: Condition, limits: ExecutorLimits): string | undefined {
  if (version !== VERSION) return `it is of version ${version}`;
  if (isSpent) return 'a handler did not end, or threw where nobody caught it';
  if (attempts >= limits.maxAttempts) return `it has run ${attempts} attempts`;
  return attempts > 0 || condition.ageMs >= limits.maxAgeMs ? wornOut(condition, limits) : undefined;
}
