import { Cron } from 'croner';

/**
 * An expression of five fields in a zone. What it does at the edges of daylight saving is what Vixie cron does: a fixed
 * time that does not exist runs at the end of the gap, and one that comes twice runs the first time; a time with a `*` or a
 * step goes on with the clock on the wall, so it runs in both of the hours that bear the same name.
 * @throws {Error} if it is no such expression
 */
export const cronOf = (expression: string, zone: string): Cron =>
  new Cron(expression, { timezone: zone, mode: '5-part', fixedTimeRule: 'no-wildcard', paused: true });
