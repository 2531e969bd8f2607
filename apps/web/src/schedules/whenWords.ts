import type { When } from '@skep/protocol';
import { ordinal, span } from '../words.js';

const weekdays = ['Sundays', 'Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays', 'Sundays'];

/** When a schedule runs, in words; an expression for which there are none is given as it is. */
export function whenWords(when: When): string {
  if ('cron' in when) return cronWords(when.cron.trim()) ?? when.cron;
  return typeof when.every === 'number' ? `every ${span(when.every * 1000).replace(/ 0 [msh]$|\.0(?= s)/, '')}` : when.every;
}

/** The most usual of the expressions. */
function cronWords(cron: string): string | undefined {
  const [minute = '', hour = '', day = '', month = '', weekday = '', more] = cron.split(/\s+/);
  if (more !== undefined || month !== '*') return undefined;
  const isEveryDay = day === '*' && weekday === '*';
  if (hour === '*' && isEveryDay) return withinTheHour(minute);
  if (!/^\d+$/.test(minute) || !/^\d+$/.test(hour)) return undefined;
  const time = `at ${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  if (isEveryDay) return `every day ${time}`;
  if (day === '*' && weekday === '1-5') return `Mondays to Fridays ${time}`;
  if (day === '*' && /^[0-7](,[0-7])*$/.test(weekday)) {
    const days = weekday.split(',').map((number) => weekdays[Number(number)]);
    return `${days.join(', ')} ${time}`;
  }
  if (weekday === '*' && /^\d+$/.test(day)) return `on the ${ordinal(Number(day))} of every month ${time}`;
  return undefined;
}

function withinTheHour(minute: string): string | undefined {
  if (minute === '*') return 'every minute';
  if (/^\d+$/.test(minute)) return `every hour, ${minute} past`;
  const step = Number(/^\*\/(\d+)$/.exec(minute)?.[1]);
  return step > 0 && 60 % step === 0 ? `every ${step} minutes` : undefined;
}
