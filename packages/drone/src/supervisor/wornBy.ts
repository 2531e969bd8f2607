import type { Condition } from '../executor/executorMessages.js';
import { sizeText } from '../sizeText.js';
import { VERSION } from '../version.js';

/** When an executor is replaced by a fresh one, which happens between two attempts. */
export interface ExecutorLimits {
  /** Milliseconds since its start. */
  readonly maxAgeMs: number;
  /** Attempts that it has run. */
  readonly maxAttempts: number;
  /** Resident memory after an attempt, in bytes. */
  readonly maxMemoryBytes: number;
}

export const EXECUTOR_LIMITS: ExecutorLimits = {
  maxAgeMs: 24 * 3600_000,
  maxAttempts: 1000,
  maxMemoryBytes: 512 * 1024 * 1024,
};

/** Why an executor in this condition shall be replaced, in words; `undefined` if it is good for another attempt. */
export function wornBy({ version, ageMs, attempts, memoryBytes }: Condition, limits: ExecutorLimits): string | undefined {
  if (version !== VERSION) return `it is of version ${version}`;
  if (ageMs >= limits.maxAgeMs) return `it is ${Math.round(ageMs / 60_000)} min old`;
  if (attempts >= limits.maxAttempts) return `it has run ${attempts} attempts`;
  if (memoryBytes >= limits.maxMemoryBytes) return `it holds ${sizeText(memoryBytes)} of memory`;
  return undefined;
}
