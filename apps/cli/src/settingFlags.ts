import type { Flags } from './config/loadSettings.js';
import type { Options } from './defineCommand.js';

/** The settings that were given as flags. A `--label` is a setting only of `skep drone`; elsewhere it is what a job requires. */
export function settingFlags(options: Options): Flags {
  const flags: Flags = {};
  const single = ['queen', 'token', 'host', 'port', 'data', 'name', 'speed', 'capacity', 'minFreeBytes', 'lostAfter', 'logLevel'] as const;
  for (const name of single) {
    const value = options.text(name);
    if (value !== undefined) flags[name] = value;
  }
  for (const [name, flag] of [
    ['labels', 'label'],
    ['passEnv', 'passEnv'],
    ['hosts', 'hostName'],
    ['origins', 'origin'],
  ] as const) {
    const values = options.list(flag);
    if (values.length > 0) flags[name] = values;
  }
  return flags;
}
