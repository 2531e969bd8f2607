import { DEFAULT_PORT, Labels, Limits, LOST_AFTER_S, Retention } from '@skep/protocol';
import { z } from 'zod';

const number = <S extends z.ZodType>(schema: S) => z.preprocess(numberFromText, schema);
const limit = <N extends keyof typeof Limits.shape>(name: N) => number(Limits.shape[name]).describe(Limits.shape[name].description ?? '');
const list = z.preprocess(listFromText, z.array(z.string().min(1)));

/**
 * Every setting, by its dotted name, with its meaning and default; one schema for flags, `SKEP_*` variables and
 * `skep.config.yaml`. Text is read as the number, list or labels that the setting is.
 */
export const settings = {
  queen: z
    .url({ protocol: /^https?$/, error: 'must be an address such as http://127.0.0.1:7874' })
    .default(`http://127.0.0.1:${DEFAULT_PORT}`)
    .describe('The address of the queen.'),
  token: z.string().min(1).optional().describe('The token to show to the queen.'),
  host: z.string().min(1).default('127.0.0.1').describe('The address that the queen listens on.'),
  port: number(z.number().int().min(0).max(65_535)).default(DEFAULT_PORT).describe('The port of the queen; 0: any that is free.'),
  data: z.string().min(1).optional().describe("The data folder; a folder below the user's data folder if absent."),
  artifacts: z
    .string()
    .regex(/^(file|s3|https?):\/\//, 'must be an address such as file:///srv/artifacts, s3://bucket/prefix or https://example.com/inbox')
    .optional()
    .describe('Where artifacts rest, or an address that each is given to; a folder in the data folder if absent.'),
  name: z.string().min(1).max(200).optional().describe('The name of the drone; the name of the machine if absent.'),
  speed: number(z.number().int().min(1).max(1_000_000_000)).optional().describe('The speed of the drone; measured if absent.'),
  capacity: number(z.number().int().min(1).max(10_000)).optional().describe('How many attempts at once; one for each CPU if absent.'),
  labels: z.preprocess(labelsFromText, Labels).default({}).describe('Labels of the drone, key=value.'),
  platform: z.string().min(1).max(200).optional().describe('The platform of the drone; such as `linux x64` if absent.'),
  passEnv: list.default([]).describe('Variables of the drone that its jobs see too.'),
  plugins: list.default([]).describe('Plugins of the drone: files, folders, or npm packages that are installed.'),
  pluginTimeout: number(z.number().positive().max(86_400))
    .default(300)
    .describe('Seconds that a plugin may be silent, without a command of its own, before it is given up.'),
  handlers: list.default([]).describe('Modules of the drone that export handlers of tasks, in TypeScript or JavaScript.'),
  minFreeBytes: number(z.number().int().min(0))
    .default(1024 ** 3)
    .describe('Bytes that must be free on the disk of a drone; below that it takes no jobs.'),
  maxOutput: number(Limits.shape.maxOutput).describe('Bytes of output of one attempt that a drone sends; of more it keeps head and tail.'),
  'executor.maxAge': number(z.number().positive())
    .default(24 * 3600)
    .describe('Seconds after which a drone replaces an executor, between two attempts.'),
  'executor.maxAttempts': number(z.number().int().min(1)).default(1000).describe('Attempts after which it does.'),
  'executor.maxMemory': number(z.number().int().min(1))
    .default(512 * 1024 ** 2)
    .describe('Bytes of memory, held after an attempt, above which it does.'),
  hosts: list.default([]).describe('Names under which the queen may be called.'),
  origins: list.default([]).describe('Origins of other web pages that may call the queen.'),
  order: z
    .enum(['fifo', 'random'])
    .default('fifo')
    .describe('Which waiting job goes first among those of equal priority: the first that came, or any.'),
  badges: z
    .enum(['tokens', 'public'])
    .default('tokens')
    .describe('Whether the badges of projects need a token where all else does, or are shown to everybody.'),
  lostAfter: number(z.number().positive()).default(LOST_AFTER_S).describe('Seconds before a silent drone is given up.'),
  logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info').describe('How much is logged.'),
  'keep.passed.days': number(z.number().positive()).optional().describe('Days that jobs are kept which passed; for ever if absent.'),
  'keep.passed.jobs': number(z.number().int().min(0)).optional().describe('How many of them are kept, the newest of each project.'),
  'keep.passed.bytes': number(z.number().int().min(0)).optional().describe('Bytes of output and artifacts of those, for each project.'),
  'keep.failed.days': number(z.number().positive()).optional().describe('Days that all other done jobs are kept; for ever if absent.'),
  'keep.failed.jobs': number(z.number().int().min(0)).optional().describe('How many of them are kept, the newest of each project.'),
  'keep.failed.bytes': number(z.number().int().min(0)).optional().describe('Bytes of output and artifacts of those, for each project.'),
  'keep.projects': z
    .preprocess(jsonFromText, Retention.shape.projects)
    .describe('Bounds of single projects, in place of those for all: {web: {passed: {days: 5}}}.'),
  'keep.caches.days': number(z.number().positive()).default(30).describe('Days that a cache is kept which nobody uses.'),
  'keep.caches.bytes': number(z.number().int().min(0)).optional().describe('Bytes of all caches, those used last first.'),
  'limits.maxPayload': limit('maxPayload'),
  'limits.maxQueue': limit('maxQueue'),
  'limits.maxCells': limit('maxCells'),
  'limits.maxConnections': limit('maxConnections'),
  'limits.maxOutput': limit('maxOutput'),
  'limits.maxWatches': limit('maxWatches'),
  'limits.maxEventRate': limit('maxEventRate'),
  'limits.maxArtifact': limit('maxArtifact'),
  'limits.maxArtifacts': limit('maxArtifacts'),
  'limits.maxUploads': limit('maxUploads'),
} as const;

export type SettingName = keyof typeof settings;
export type Settings = { [N in SettingName]: z.infer<(typeof settings)[N]> };

export const settingNames = Object.keys(settings) as SettingName[];

/** The variable of a setting: `limits.maxPayload` is `SKEP_LIMITS_MAX_PAYLOAD`. */
export const variableOf = (name: SettingName): string =>
  `SKEP_${name
    .replaceAll('.', '_')
    .replace(/[A-Z]/g, (letter) => `_${letter}`)
    .toUpperCase()}`;

function numberFromText(value: unknown): unknown {
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
}

function jsonFromText(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function listFromText(value: unknown): unknown {
  return typeof value === 'string' ? partsOf(value) : value;
}

function labelsFromText(value: unknown): unknown {
  const pairs = typeof value === 'string' ? partsOf(value) : value;
  if (!Array.isArray(pairs) || !pairs.every((pair) => typeof pair === 'string' && pair.includes('='))) return pairs;
  return Object.fromEntries(pairs.map((pair: string) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

const partsOf = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
