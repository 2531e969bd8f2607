import { type MissedPolicy, type OverlapPolicy, type Schedule, type ScheduleBody, When, type WhenProblem } from '@skep/protocol';
import { whenProblem } from '@skep/scheduler';

/** When a schedule runs, as the form has it: all text, as it was typed. */
export interface WhenDraft {
  kind: 'cron' | 'minutes' | 'hourly' | 'daily' | 'weekly';
  cron: string;
  minutes: string;
  zone: string;
}

/** What a schedule says beside when and what it runs. */
export interface Rest {
  name: string;
  description: string;
  missed: MissedPolicy;
  overlap: OverlapPolicy;
}

const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function whenDraftOf(when: When = { cron: '30 2 * * *', zone: here }): WhenDraft {
  const zone = when.zone ?? 'UTC';
  if ('cron' in when) return { kind: 'cron', cron: when.cron, minutes: '60', zone };
  const base = { cron: '30 2 * * *', zone };
  if (typeof when.every === 'string') return { ...base, kind: when.every, minutes: '60' };
  return { ...base, kind: 'minutes', minutes: String(when.every / 60) };
}

export const restOf = (begin: ScheduleBody | Schedule | undefined): Rest => ({
  name: begin?.name ?? '',
  description: begin?.description ?? '',
  missed: begin?.missed ?? 'once',
  overlap: begin?.overlap ?? 'skip',
});

/** The times that a draft means, or what is wrong in which field, and where. */
export function whenOf({ kind, cron, minutes, zone }: WhenDraft): { when: When } | { problem: WhenProblem } {
  const inZone = zone.trim() === '' ? {} : { zone: zone.trim() };
  const meant = kind === 'cron' ? { cron, ...inZone } : { every: kind === 'minutes' ? Number(minutes) * 60 : kind, ...inZone };
  const parsed = When.safeParse(meant);
  if (!parsed.success) {
    const field = kind === 'cron' ? 'cron' : 'every';
    const message = kind === 'cron' ? 'Five fields are wanted' : 'A number of minutes is wanted, of no more than 366 days';
    return { problem: { field, message, from: 0, length: 0 } };
  }
  const problem = whenProblem(parsed.data);
  return problem ? { problem } : { when: parsed.data };
}
