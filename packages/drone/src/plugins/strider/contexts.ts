import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { AssignedJob, Phase } from '@skep/protocol';
import type EventEmitter2 from 'eventemitter2';
import type { Line } from '../host/HostedPlugin.js';
import { asPlugin } from '../host/owners.js';
import type { PluginPlaces } from '../messages.js';
import { safeName } from '../safeName.js';
import { type Cachier, cachier } from './cachier.js';
import { commandOf } from './commandOf.js';
import { striderJob } from './striderJob.js';

type Next = (exitCode: number, stdout: string, stderr: string) => void;

/** What Strider gives to a plugin's functions. */
export interface StriderContext {
  status(name: string, ...args: unknown[]): void;
  out(text: string, type?: string): void;
  comment(text: string): void;
  cmd(command: unknown, next: Next): void;
  data(data: unknown, method?: string, path?: string): void;
  readonly dataDir: string;
  readonly baseDir: string;
  readonly cacheDir: string;
  readonly cachier: Cachier;
  readonly [more: string]: unknown;
}

const toStderr = new Set(['error', 'stderr', 'warn']);

/** Makes the contexts of one of Strider's plugins, for one attempt. */
export class StriderContexts {
  readonly job: Record<string, unknown>;

  constructor(
    readonly name: string,
    readonly line: Line,
    readonly io: EventEmitter2.EventEmitter2,
    private readonly attempt: AssignedJob,
    private readonly places: PluginPlaces,
  ) {
    this.job = striderJob(attempt);
  }

  /** @param env the variables of its commands, for those that stand in a line */
  of(phase: Phase, env: Readonly<Record<string, string>> = {}): StriderContext {
    const { name, line, io, attempt, job } = this;
    const { dataDir, baseDir, cacheDir, marker } = this.places;
    // As Strider has it, all that is said goes by the emitter, so that whoever listens there hears it at once.
    const status = (type: string, ...args: unknown[]): void => void io.emit(`job.status.${type}`, attempt.id, ...args);
    const cmd = (given: unknown, next: Next = () => {}): void => {
      const run = async (): Promise<Parameters<Next>> => {
        const { command, silent } = commandOf(given, phase === 'environment' ? baseDir : dataDir, env);
        const ran = await line.run({ ...command, env: { PAAS_NAME: 'strider', ...command.env } }, silent);
        return [ran.exitCode, ran.stdout, ran.stderr];
      };
      const notRun = (error: Error): Parameters<Next> => {
        status('stderr', `skep: ${error.message}\n`);
        return [127, '', error.message];
      };
      // What `next` throws is the plugin's own and must reach its process.
      void run()
        .catch(notRun)
        .then((ended) => setImmediate(() => asPlugin(name, () => next(...ended))));
    };
    return {
      status,
      out: (text, type) => {
        const shown = type === 'error' || type === 'warn' ? `${type.toUpperCase()} ${text}\n` : type === 'message' ? `${text}\n` : text;
        status(type !== undefined && toStderr.has(type) ? 'stderr' : 'stdout', shown);
      },
      comment: (text) => status('command.comment', { comment: text, plugin: name, time: new Date() }),
      cmd,
      data: (data, method, path) => status('plugin-data', { plugin: name, data, method, path }),
      runCmd: (file: string, args: string[], options: { env?: NodeJS.ProcessEnv } = {}) =>
        spawn(file, args, { ...options, env: { ...(options.env ?? process.env), ...marker } }),
      dataDir,
      baseDir,
      cacheDir,
      cachier: cachier(join(cacheDir, safeName(name))),
      io,
      plugin: name,
      phase,
      job,
      branch: attempt.ref && 'branch' in attempt.ref ? (attempt.ref.branch ?? '') : '',
      project: job.project,
      runnerId: 'skep',
    };
  }
}
