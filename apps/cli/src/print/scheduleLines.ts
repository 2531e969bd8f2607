import { type Schedule, type ScheduleResult, titleOf, type When } from '@skep/protocol';
import { tableLines } from './table.js';

/** Schedules in a table: when each runs, when next, and what became of its last times, the newest first. */
export const scheduleTable = (schedules: readonly Schedule[]): string[] =>
  tableLines([
    ['SCHEDULE', 'WHEN', 'NEXT', 'LAST', 'RUNS'],
    ...schedules.map((schedule) => [
      schedule.name,
      whenWords(schedule.when),
      stateOf(schedule),
      schedule.results.slice(0, 3).map(resultWord).join(' ') || '-',
      schedule.job ? titleOf(schedule.job) : (schedule.template?.name ?? ''),
    ]),
  ]);

/** A schedule for people: what it is, its next times, and what became of its last ones. */
export function scheduleLines(schedule: Schedule): string[] {
  const { name, description, when, missed, overlap, next, results } = schedule;
  return [
    ...tableLines([
      ['schedule', name],
      ...(description === undefined ? [] : [['for', description]]),
      ['runs', schedule.job ? titleOf(schedule.job) : (schedule.template?.name ?? '')],
      ['when', whenWords(when)],
      ['missed', missed],
      ['overlap', overlap],
      ['state', schedule.paused ? stateOf(schedule) : 'enabled'],
    ]),
    '',
    schedule.paused ? 'would run at:' : 'runs next at:',
    ...next.map(({ local }) => `  ${local}`),
    ...(results.length === 0 ? [] : ['', ...tableLines([['DUE', 'RESULT', 'JOB'], ...results.map(resultRow)])]),
  ];
}

const whenWords = (when: When): string => {
  const words = 'cron' in when ? when.cron : typeof when.every === 'number' ? `every ${when.every} s` : when.every;
  return when.zone === undefined ? words : `${words} ${when.zone}`;
};

const stateOf = ({ paused, next: [first] }: Schedule): string =>
  paused ? ['paused', paused.reason].filter(Boolean).join(': ') : (first?.local ?? '-');

const resultWord = ({ skipped, outcome, status }: ScheduleResult): string => skipped ?? outcome ?? status ?? 'removed';

const resultRow = (result: ScheduleResult): string[] => [
  result.due === null ? 'by hand' : new Date(result.due).toISOString(),
  result.reason === undefined ? resultWord(result) : `${resultWord(result)}: ${result.reason}`,
  result.job ?? '-',
];
