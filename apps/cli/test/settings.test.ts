import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Limits } from '@skep/protocol';
import { type Flags, loadSettings } from '../src/config/loadSettings.js';
import { retentionOf } from '../src/config/retentionOf.js';
import { settings as settingSchemas } from '../src/config/settings.js';
import { withoutSecrets } from '../src/config/withoutSecrets.js';
import { Options } from '../src/defineCommand.js';
import { settingFlags } from '../src/settingFlags.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'skep-config-'));
});
afterEach(() => rm(cwd, { recursive: true }));

interface Given {
  flags?: Flags;
  env?: Record<string, string>;
  file?: string;
}

async function load({ flags = {}, env = {}, file }: Given) {
  if (file !== undefined) await writeFile(join(cwd, 'skep.config.yaml'), file);
  return loadSettings({ flags, env, cwd });
}

describe('settings', () => {
  test.each<[string, Given, number, string]>([
    ['a default where nothing is said', {}, 7874, 'default'],
    ['the file over the default', { file: 'port: 1' }, 1, 'skep.config.yaml'],
    ['a variable over the file', { file: 'port: 1', env: { SKEP_PORT: '2' } }, 2, 'SKEP_PORT'],
    ['a flag over all', { file: 'port: 1', env: { SKEP_PORT: '2' }, flags: { port: '3' } }, 3, '--port'],
    ['an empty variable is none', { env: { SKEP_PORT: '' } }, 7874, 'default'],
  ])('%s', async (_, given, port, from) => {
    const loaded = await load(given);
    expect(loaded.settings.port).toBe(port);
    expect(loaded.from.port).toContain(from);
  });

  test('lists, labels and limits are read from text and from YAML alike', async () => {
    const fromText = await load({ env: { SKEP_LABELS: 'os=linux, gpu=a=b', SKEP_PASS_ENV: 'A,B', SKEP_LIMITS_MAX_QUEUE: '5' } });
    const fromYaml = await load({ file: 'labels: {os: linux, gpu: a=b}\npassEnv: [A, B]\nlimits: {maxQueue: 5}' });
    for (const { settings } of [fromText, fromYaml]) {
      expect(settings).toMatchObject({ labels: { os: 'linux', gpu: 'a=b' }, passEnv: ['A', 'B'], 'limits.maxQueue': 5 });
    }
  });

  test('settings that belong together are grouped in the file, and are flags and variables of one name', async () => {
    const { settings, from } = await load({
      file: 'maxOutput: 5000\nexecutor: {maxAge: 60, maxAttempts: 5}',
      env: { SKEP_EXECUTOR_MAX_ATTEMPTS: '6' },
      flags: settingFlags(new Options({ executorMaxMemory: '7', maxOutput: '6000' })),
    });
    expect(settings).toMatchObject({ maxOutput: 6000, 'executor.maxAge': 60, 'executor.maxAttempts': 6, 'executor.maxMemory': 7 });
    expect(from).toMatchObject({ maxOutput: '--max-output', 'executor.maxMemory': '--executor-max-memory' });
  });

  test('what is kept is grouped in the file as deep as it goes, also for single projects', async () => {
    const keep = { file: 'keep: {passed: {days: 90}, failed: {jobs: 5}, projects: {web: {passed: {days: 5}}}}' };
    const { settings } = await load(keep);
    const projects = { web: { passed: { days: 5 } } };
    expect(retentionOf(settings)).toMatchObject({ passed: { days: 90 }, failed: { jobs: 5 }, projects, caches: { days: 30 } });
    const fromText = await load({ file: '', env: { SKEP_KEEP_PROJECTS: JSON.stringify(projects) } });
    expect(retentionOf(fromText.settings)).toMatchObject({ passed: undefined, projects });
  });

  test.each<[string, Given, RegExp, RegExp]>([
    ['bounds of a project that there are not', { file: 'keep: {projects: {web: {passed: {weeks: 1}}}}' }, /keep\.projects/, /./],
    ['an unknown setting of a group too', { file: 'executor: {maxAeg: 1}' }, /executor\.maxAeg/, /executor\.maxAge/],
    ['an unknown key is named, with the nearest one', { file: 'prot: 80' }, /unknown setting, prot/, /Did you mean port\?/],
    ['an unknown limit too', { file: 'limits: {maxQeue: 1}' }, /limits\.maxQeue/, /limits\.maxQueue/],
    ['a wrong value is named, with its source', { env: { SKEP_PORT: 'http' } }, /port, from SKEP_PORT/, /skep config/],
    ['a file that is no YAML is named', { file: 'a: [' }, /skep\.config\.yaml is not YAML/, /Correct/],
    ['a file of another form is refused', { file: '- a' }, /must hold settings/, /./],
    ['a store of artifacts of an unknown kind', { env: { SKEP_ARTIFACTS: 'ftp://x/y' } }, /artifacts, from SKEP_ARTIFACTS/, /./],
    ['an address that is none is refused', { flags: { queen: 'build.lan' } }, /queen, from --queen/, /./],
  ])('%s', async (_, given, message, hint) => {
    await expect(load(given)).rejects.toMatchObject({
      code: 'INVALID_CONFIG',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  test.each([
    ['s3://b/p?region=x&presign=no', 's3://b/p?region=x&presign=no'],
    ['https://me:hush@example.com/in?key=hush', 'https://●●●@example.com/in?key=●●●'],
    ['https://example.com/in', 'https://example.com/in'],
  ])('the store of artifacts %s is shown without its secrets', (address, shown) =>
    expect(withoutSecrets('artifacts', address)).toBe(shown),
  );

  test('a file that was named must be there', async () => {
    await expect(loadSettings({ flags: {}, env: {}, cwd, configFile: join(cwd, 'none.yaml') })).rejects.toMatchObject({
      code: 'INVALID_CONFIG',
    });
  });

  test('every limit of a queen is a setting, and a flag', async () => {
    const limits = Object.keys(Limits.shape);
    expect(Object.keys(settingSchemas).filter((name) => name.startsWith('limits.'))).toEqual(limits.map((name) => `limits.${name}`));
    const flags = settingFlags(new Options({ limit: limits.map((name) => `${name}=10000000`) }));
    const { settings, from } = await load({ flags, env: { SKEP_LIMITS_MAX_QUEUE: '5' } });
    for (const name of limits) expect(settings).toMatchObject({ [`limits.${name}`]: 10_000_000 });
    expect(from['limits.maxQueue']).toBe('--limit maxQueue');
  });

  test('a limit that there is not is named, with the nearest one', () =>
    expect(() => settingFlags(new Options({ limit: ['maxQeue=1'] }))).toThrow(
      expect.objectContaining({ code: 'INVALID_CONFIG', message: expect.stringContaining('maxQeue'), hint: 'Did you mean maxQueue?' }),
    ));
});
