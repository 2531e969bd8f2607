import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nearest, SkepError } from '@skep/protocol';
import { type SettingName, settingNames } from './settings.js';

export interface ConfigFile {
  path: string;
  /** What it sets, by dotted name, not yet checked. */
  values: Partial<Record<SettingName, unknown>>;
}

/**
 * `skep.config.yaml` of the folder, or the file that was named.
 * @returns undefined if none was named and the folder has none
 * @throws {SkepError} INVALID_CONFIG
 */
export async function readConfigFile(cwd: string, named?: string): Promise<ConfigFile | undefined> {
  const path = named ?? join(cwd, 'skep.config.yaml');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (named === undefined && isMissing(cause)) return undefined;
    throw new SkepError('INVALID_CONFIG', `${path} cannot be read: ${messageOf(cause)}`, {
      cause,
      hint: 'Give another file with --config.',
    });
  }
  const { parseYaml } = await import('../parseYaml.js');
  try {
    return { path, values: flatten(parseYaml(text) ?? {}, path) };
  } catch (cause) {
    if (cause instanceof SkepError) throw cause;
    throw new SkepError('INVALID_CONFIG', `${path} is not YAML: ${messageOf(cause).split('\n', 1)[0]}`, {
      cause,
      hint: 'Correct that line.',
    });
  }
}

function flatten(content: unknown, path: string): ConfigFile['values'] {
  if (!isMap(content)) throw new SkepError('INVALID_CONFIG', `${path} must hold settings, one \`name: value\` a line`);
  const values = Object.fromEntries(settingsIn(content));
  for (const name of Object.keys(values)) {
    if ((settingNames as string[]).includes(name)) continue;
    const meant = nearest(name, settingNames);
    const hint = meant === undefined ? '`skep config` prints every setting there is.' : `Did you mean ${meant}?`;
    throw new SkepError('INVALID_CONFIG', `${path} has an unknown setting, ${name}`, { hint });
  }
  return values;
}

function settingsIn(content: Record<string, unknown>, prefix = ''): [name: string, value: unknown][] {
  return Object.entries(content).flatMap(([key, value]): [string, unknown][] => {
    const name = prefix + key;
    return isGroup(name) && isMap(value) ? settingsIn(value, `${name}.`) : [[name, value]];
  });
}

/** Whether a key holds settings of its own: `limits: {maxQueue: 5}`. */
const isGroup = (key: string): boolean => settingNames.some((name) => name.startsWith(`${key}.`));
const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';
const messageOf = (error: unknown): string => (error as Error).message;
