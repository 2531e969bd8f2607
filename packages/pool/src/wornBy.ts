import { sizeText } from './sizeText.js';

/** When a member of a pool is replaced by a fresh one. */
export interface WearLimits {
  /** Milliseconds since its start. */
  readonly maxAgeMs: number;
  /** Resident memory, in bytes. */
  readonly maxMemoryBytes: number;
}

/** Why a process of this age and size shall be replaced, in words; `undefined` if it is good for more. */
export function wornBy({ ageMs, memoryBytes }: { ageMs: number; memoryBytes: number }, limits: WearLimits): string | undefined {
  if (ageMs >= limits.maxAgeMs) return `it is ${ageText(ageMs)} old`;
  if (memoryBytes >= limits.maxMemoryBytes) return `it holds ${sizeText(memoryBytes)} of memory`;
  return undefined;
}

const ageText = (ms: number): string => (ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`);
