import { Limits, nearest, SkepError } from '@skep/protocol';
import type { Flags } from './config/loadSettings.js';
import type { Options } from './defineCommand.js';

/** Settings that are given once, by a flag of their name. */
const single = [
  'queen',
  'token',
  'host',
  'port',
  'data',
  'name',
  'speed',
  'capacity',
  'minFreeBytes',
  'pluginTimeout',
  'maxOutput',
  'executor.maxAge',
  'executor.maxAttempts',
  'executor.maxMemory',
  'order',
  'lostAfter',
  'logLevel',
] as const;

/** The settings that were given as flags. A `--label` is a setting only of `skep drone`; elsewhere it is what a job requires. */
export function settingFlags(options: Options): Flags {
  const flags: Flags = {};
  for (const name of single) {
    const value = options.text(name.replace(/\.(.)/, (_, letter: string) => letter.toUpperCase()));
    if (value !== undefined) flags[name] = value;
  }
  for (const [name, flag] of [
    ['labels', 'label'],
    ['passEnv', 'passEnv'],
    ['plugins', 'plugins'],
    ['handlers', 'handlers'],
    ['hosts', 'hostName'],
    ['origins', 'origin'],
  ] as const) {
    const values = options.list(flag);
    if (values.length > 0) flags[name] = values;
  }
  for (const given of options.list('limit')) Object.assign(flags, limitFlag(given));
  return flags;
}

/** `maxQueue=5` as the setting `limits.maxQueue`. */
function limitFlag(given: string): Flags {
  const [name = '', number = ''] = given.split('=', 2);
  const names = Object.keys(Limits.shape);
  if (names.includes(name)) return { [`limits.${name}`]: number };
  const meant = nearest(name, names);
  throw new SkepError('INVALID_CONFIG', `There is no limit ${name}, which --limit ${given} sets`, {
    hint: meant === undefined ? `The limits are ${names.join(', ')}.` : `Did you mean ${meant}?`,
  });
}
