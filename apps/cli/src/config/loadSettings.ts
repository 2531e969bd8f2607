import { issuesOf, SkepError } from '@skep/protocol';
import { loginKey, loginsPath, readLogins } from './logins.js';
import { readConfigFile } from './readConfigFile.js';
import { type SettingName, type Settings, settingNames, settings, variableOf } from './settings.js';

export type Flags = Partial<Record<SettingName, unknown>>;

export interface Loaded {
  settings: Settings;
  /** Where each value is from: `--port`, `SKEP_PORT`, the path of the file, that of what `skep login` keeps, or `default`. */
  from: Record<SettingName, string>;
}

export interface Sources {
  flags: Flags;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** The file named by --config or SKEP_CONFIG. */
  configFile?: string | undefined;
}

/**
 * The settings in force: flags over variables over the file over what `skep login` keeps over defaults.
 * @throws {SkepError} INVALID_CONFIG, naming the setting and where its value is from
 */
export async function loadSettings({ flags, env, cwd, configFile }: Sources): Promise<Loaded> {
  const file = await readConfigFile(cwd, configFile ?? env.SKEP_CONFIG);
  const logins = await readLogins(env);
  const values: Partial<Record<SettingName, unknown>> = {};
  const from: Partial<Record<SettingName, string>> = {};
  for (const name of settingNames) {
    const [value, origin] = firstGiven([
      [flags[name], flagOf(name)],
      [env[variableOf(name)] || undefined, variableOf(name)],
      [file?.values[name], file?.path ?? ''],
      [name === 'queen' ? logins.queen : name === 'token' ? logins.tokens[loginKey(String(values.queen))] : undefined, loginsPath(env)],
    ]);
    values[name] = checkSetting(name, value, origin);
    from[name] = origin;
  }
  return { settings: values as Settings, from: from as Loaded['from'] };
}

/** The flag of a setting; those of lists are said once for each value. */
export function flagOf(name: SettingName): string {
  if (name === 'labels') return '--label';
  if (name.startsWith('limits.')) return `--limit ${name.slice('limits.'.length)}`;
  return `--${name.replace('.', '-').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function firstGiven(candidates: readonly (readonly [unknown, string])[]): readonly [unknown, string] {
  return candidates.find(([value]) => value !== undefined && value !== null) ?? [undefined, 'default'];
}

/** A setting as its schema has it. @param origin where the value is from @throws {SkepError} INVALID_CONFIG */
export function checkSetting<N extends SettingName>(name: N, value: unknown, origin: string): Settings[N] {
  const parsed = settings[name].safeParse(value);
  if (parsed.success) return parsed.data as Settings[N];
  const issue = issuesOf(parsed.error)[0];
  const where = issue?.path ? ` (at ${issue.path})` : '';
  throw new SkepError('INVALID_CONFIG', `The setting ${name}, from ${origin}, is not valid: ${issue?.message ?? 'unknown form'}${where}`, {
    hint: `Correct it there; \`skep config\` prints every setting and where it comes from.`,
  });
}
