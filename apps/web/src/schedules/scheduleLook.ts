import type { Schedule, ScheduleResult } from '@skep/protocol';
import { Circle, CircleSlash, Hourglass, OctagonAlert, Pause } from 'lucide-react';
import { type Look, lookOf } from '../looks.js';

const looks = {
  enabled: { word: 'enabled', icon: Circle, hue: 'green', sign: '○', favicon: 'skep' },
  paused: { word: 'paused', icon: Pause, hue: 'amber', sign: '‖', favicon: 'skep' },
  skipped: { word: 'skipped', icon: CircleSlash, hue: 'grey', sign: '⊘', favicon: 'skep' },
  missed: { word: 'missed', icon: Hourglass, hue: 'amber', sign: '!', favicon: 'skep' },
  refused: { word: 'refused', icon: OctagonAlert, hue: 'red', sign: '!', favicon: 'skep' },
} satisfies Record<string, Look>;

export const lookOfSchedule = ({ paused }: Schedule): Look => (paused ? looks.paused : looks.enabled);

/** How what became of a time looks: as its job, or by why there is none. */
export function lookOfResult({ status, outcome, skipped }: ScheduleResult): Look {
  if (skipped === 'missed') return looks.missed;
  if (skipped === 'refused') return looks.refused;
  return skipped === undefined && status !== undefined ? lookOf({ status, outcome, waiting: null }) : looks.skipped;
}

/** What became of it last, if that went wrong; not of what somebody cancelled, nor while it is paused. */
export function failureOf({ results, paused }: Schedule): ScheduleResult | undefined {
  const newest = results.find(({ status, skipped }) => status === 'done' || skipped === 'refused');
  const isWell = newest?.outcome === 'passed' || newest?.outcome === 'cancelled';
  return paused || isWell ? undefined : newest;
}
