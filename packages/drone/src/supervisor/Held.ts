import { ResumeAnswer, type ResumeVerdict } from '@skep/protocol';
import type { AttemptForwarder } from './AttemptForwarder.js';
import type { Run } from './Run.js';

/** An attempt that this drone holds: waiting for a slot, running, or ended and not yet confirmed. */
export interface Held {
  readonly id: string;
  readonly attempt: number;
  readonly lease: number;
  readonly run: Run;
  readonly forwarder: AttemptForwarder;
  state: 'waiting' | 'running' | 'ended';
  /** The queen wants nothing more of it: it goes as soon as it has ended. */
  isUnwanted: boolean;
}

/** Names an attempt in a map. */
export const keyOf = (id: string, attempt: number): string => `${id} ${attempt}`;

/** Why an attempt cannot go on after this verdict, if so. */
export function unwantedBy(verdict: ResumeVerdict, { forwarder, run }: Held): string | undefined {
  if (verdict.action === 'stop') return verdict.reason;
  // Neither can be mended: what the queen asks for is gone, or it has more than was ever written.
  if (verdict.cursor < forwarder.confirmed) return `the queen asks again for what it confirmed, from ${verdict.cursor}`;
  if (verdict.cursor > run.spool.count()) return `the queen has events up to ${verdict.cursor}, which this drone never wrote`;
  return undefined;
}

/** Each attempt with its verdict; `undefined` if the answer is not valid or says nothing of one of them. */
export function verdictsOn(asked: readonly Held[], raw: unknown): [Held, ResumeVerdict][] | undefined {
  const { data } = ResumeAnswer.safeParse(raw);
  if (!data) return undefined;
  const byKey = new Map(data.attempts.map((verdict) => [keyOf(verdict.id, verdict.attempt), verdict]));
  const verdicts = asked.flatMap((held): [Held, ResumeVerdict][] => {
    const verdict = byKey.get(keyOf(held.id, held.attempt));
    return verdict ? [[held, verdict]] : [];
  });
  return verdicts.length === asked.length ? verdicts : undefined;
}
