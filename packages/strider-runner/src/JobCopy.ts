import { type JobSummary, type Phase, phases, type StriderStatus } from '@skep/protocol';
import { putPluginData } from './putPluginData.js';

interface CommandData {
  command: string;
  plugin: string;
  out: string;
  err: string;
  merged: string;
  started: Date | null;
  finished?: Date;
  duration?: number;
  exitCode?: number;
  comment?: true;
}

interface PhaseData {
  finished: Date | null;
  duration?: number;
  exitCode: number;
  commands: CommandData[];
}

/** A job as Strider's server shows it while it runs and stores it when it is done. Exit codes are -1 until they are known. */
export interface JobData {
  id: unknown;
  data?: unknown;
  phases: Record<Phase, PhaseData>;
  phase: Phase;
  queued: Date | null;
  started: Date | null;
  finished: Date | null;
  test_status: number;
  deploy_status: number;
  warnings: unknown[];
  plugin_data: Record<string, unknown>;
  std: { out: string; err: string; merged: string };
  errored: boolean;
  error?: { message: string; stack?: string | undefined };
}

/** Strider stores each text four times, in one document that MongoDB limits to 16 MiB. */
const MAX_BYTES = 3 * 1024 * 1024;
/** What the document needs for a command beside its text. */
const COMMAND_BYTES = 256;

const unfinished = (): PhaseData => ({ finished: null, exitCode: -1, commands: [] });

/** The runner's own copy of a job, to which every status is added as it is told. */
export class JobCopy {
  readonly data: JobData;
  #room = MAX_BYTES;

  /**
   * @param id the job's id, in the form in which the server gave it
   * @param job the job as the server gave it
   * @param page where all of the output is
   */
  constructor(
    id: unknown,
    job: unknown,
    queued: Date | null,
    private readonly page: string,
  ) {
    this.data = {
      id,
      data: job,
      phases: Object.fromEntries(phases.map((phase) => [phase, unfinished()])) as JobData['phases'],
      phase: phases[0],
      queued,
      started: null,
      finished: null,
      test_status: -1,
      deploy_status: -1,
      warnings: [],
      plugin_data: {},
      std: { out: '', err: '', merged: '' },
      errored: false,
    };
  }

  /** Another attempt begins: what was written stays, how the phases ended does not count any more. */
  restart(): void {
    for (const phase of Object.values(this.data.phases)) Object.assign(phase, { finished: null, exitCode: -1 });
    Object.assign(this.data, { phase: phases[0], test_status: -1, deploy_status: -1 });
  }

  /** Adds a status. @returns what is to be told of it: nothing where the copy is full, a word about that where it became so */
  add(status: StriderStatus): StriderStatus[] {
    const [name, first] = status;
    switch (name) {
      case 'stdout':
      case 'stderr': {
        const text = String(first);
        if (this.#takes(Buffer.byteLength(text))) {
          this.#write(name, text);
          return [status];
        }
        return this.#full();
      }
      case 'command.start':
      case 'command.comment':
        if (!this.#takes(COMMAND_BYTES + Buffer.byteLength(JSON.stringify(first)))) return this.#full();
        this.#command(name, first as Record<string, unknown>);
        return [status];
      case 'warning':
      case 'plugin-data':
        if (!this.#takes(Buffer.byteLength(JSON.stringify(first) ?? ''))) return this.#full();
        if (name === 'warning') this.data.warnings.push(first);
        else putPluginData(this.data.plugin_data, first);
        return [status];
      default:
        this.#progress(name, first);
        return [status];
    }
  }

  /** The job is over: what the server stores. Its codes say what the outcome says, for the server judges by them. */
  finish({ outcome, exitCode, finished }: Pick<JobSummary, 'outcome' | 'exitCode' | 'finished'>, deploys: boolean): JobData {
    const { data } = this;
    const { test, deploy } = data.phases;
    if (outcome === 'passed') {
      test.exitCode = 0;
      if (deploys) deploy.exitCode = 0;
    } else if (outcome === 'failed' && test.exitCode === 0 && (!deploys || deploy.exitCode === 0)) {
      (deploys ? deploy : test).exitCode = exitCode || 1;
    }
    data.test_status = test.exitCode;
    data.deploy_status = deploy.exitCode;
    data.finished = new Date(finished ?? Date.now());
    data.started ??= data.finished;
    // The server has the job itself already, and would store it in place of the names of its project and owner.
    delete data.data;
    return data;
  }

  /** The job could not be run to its end. */
  fail(message: string, finished: number | null, stack?: string): JobData {
    Object.assign(this.data, { errored: true, error: { message, stack } });
    return this.finish({ outcome: 'errored', exitCode: null, finished }, false);
  }

  #takes(bytes: number): boolean {
    if (bytes > this.#room) return false;
    this.#room -= bytes;
    return true;
  }

  #full(): StriderStatus[] {
    if (this.#room < 0) return [];
    // Below zero: nothing more is taken, however small.
    this.#room = -1;
    const text = `\n[Strider keeps ${MAX_BYTES / 1024 ** 2} MiB of a job's output; all of it is at ${this.page}]\n`;
    this.#write('stderr', text);
    return [['stderr', text]];
  }

  #write(name: 'stdout' | 'stderr', text: string): void {
    const { data } = this;
    const { commands } = data.phases[data.phase];
    let last = commands.at(-1);
    if (!last || last.finished !== undefined) {
      last = { command: '', plugin: '', out: '', err: '', merged: '', started: null };
      commands.push(last);
    }
    const stream = name === 'stdout' ? 'out' : 'err';
    for (const place of [last, data.std]) {
      place[stream] += text;
      place.merged += text;
    }
  }

  #command(name: 'command.start' | 'command.comment', said: Record<string, unknown>): void {
    const { data } = this;
    const plugin = String(said.plugin ?? '');
    const blank = { plugin, out: '', err: '', merged: '' };
    const command: CommandData =
      name === 'command.start'
        ? { ...blank, command: String(said.command), started: said.time as Date }
        : { ...blank, command: String(said.comment), comment: true, started: null, finished: said.time as Date };
    data.phases[data.phase].commands.push(command);
  }

  #progress(name: string, said: unknown): void {
    const { data } = this;
    if (name === 'started') data.started = said as Date;
    if (name === 'command.done') {
      const { time, elapsed, exitCode } = said as { time: Date; elapsed: number; exitCode: number };
      const last = data.phases[data.phase].commands.at(-1);
      if (last) Object.assign(last, { finished: time, duration: elapsed, exitCode });
    }
    if (name === 'phase.done') {
      const { phase, time, elapsed, exitCode, next } = said as {
        phase: Phase;
        time: Date;
        elapsed: number;
        exitCode: number;
        next?: Phase;
      };
      Object.assign(data.phases[phase], { finished: time, duration: elapsed, exitCode });
      if (phase === 'test') data.test_status = exitCode;
      if (phase === 'deploy') data.deploy_status = exitCode;
      if (next) data.phase = next;
    }
  }
}
