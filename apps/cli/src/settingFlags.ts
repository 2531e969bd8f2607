import { nearest, SkepError } from '@skep/protocol';
import type { Flags } from './config/loadSettings.js';
import { settingNames } from './config/settings.js';
import type { Options } from './defineCommand.js';

/** Settings that are given once, by a flag of their name. */
const single = [
  'queen',
  'token',
  'host',
  'port',
  'data',
  'artifacts',
  'name',
  'speed',
  'capacity',
  'platform',
  'minFreeBytes',
  'pluginTimeout',
  'maxOutput',
  'executor.maxAge',
  'executor.maxAttempts',
  'executor.maxMemory',
  'order',
  'badges',
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
  for (const given of options.list('limit')) Object.assign(flags, namedFlag('limit', 'limits.', given));
  for (const given of options.list('keep')) Object.assign(flags, namedFlag('keep', 'keep.', given));
  return flags;
}

/** `--limit maxQueue=5` as the setting `limits.maxQueue`. */
function namedFlag(flag: string, prefix: string, given: string): Flags {
  const [name = '', number = ''] = given.split('=', 2);
  const names = settingNames.filter((each) => each.startsWith(prefix)).map((each) => each.slice(prefix.length));
  if (names.includes(name)) return { [`${prefix}${name}`]: number };
  const meant = nearest(name, names);
  throw new SkepError('INVALID_CONFIG', `There is no ${flag} ${name}, which --${flag} ${given} sets`, {
    hint: meant === undefined ? `There are ${names.join(', ')}.` : `Did you mean ${meant}?`,
  });
}
