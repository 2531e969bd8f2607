import { connect, type SkepClient } from '@skep/client';
import { fromStriderServer, SkepError, type StriderStatus } from '@skep/protocol';
import { JobCopy, type JobData } from './JobCopy.js';
import { JobRun, type RunEnd } from './JobRun.js';
import type { RunnerConfig } from './RunnerConfig.js';
import { findById, listActive, type StriderContext, type StriderDocument, type StriderEmitter } from './server.js';

/** The runner's name in Strider: `strider.id` of its package.json. */
const ID = 'skep';
/** Jobs that ended, so that the server's list of unfinished ones, read before, does not bring them back. */
const MAX_ENDED = 1000;

/** Hands the jobs of a Strider server to a queen and tells the server what becomes of them. */
export class SkepRunner {
  readonly id = ID;
  readonly #client: SkepClient;
  readonly #runs = new Map<string, JobRun>();
  readonly #ended = new Set<string>();

  constructor(
    private readonly emitter: StriderEmitter,
    { queen, token }: RunnerConfig,
    private readonly context: StriderContext,
  ) {
    this.#client = connect({ url: queen, token });
    emitter.on('job.new', (job, config) => this.#take(job as StriderDocument, config));
    emitter.on('job.cancel', (id) => this.#runs.get(String(id))?.cancel());
    emitter.on('job.info', (id, respond) => {
      const data = this.getJobData(id);
      if (data && typeof respond === 'function') respond(data);
    });
    this.#findRunning().catch((error: Error) => this.#warn(`jobs from before the start were not looked for: ${error.message}`));
  }

  /** Jobs that run, for the server's page of runners. */
  get running(): number {
    return [...this.#runs.values()].filter((run) => run.isRunning).length;
  }

  /** Jobs that wait. */
  get queued(): number {
    return this.#runs.size - this.running;
  }

  /** What is known of a job that is not done; undefined for all others. Answered from memory. */
  getJobData(id: unknown): JobData | undefined {
    return this.#runs.get(String(id))?.copy.data;
  }

  /** Of the server's unfinished jobs those that the queen does not know. The others are followed from now on. */
  findZombies(jobs: readonly StriderDocument[], done: (error: Error | null, zombies: StriderDocument[]) => void): void {
    Promise.all(jobs.map(async (job) => ((await this.#isKnown(job)) ? [] : [job]))).then(
      (zombies) => done(null, zombies.flat()),
      (error: Error) => done(error, []),
    );
  }

  async #isKnown(job: StriderDocument): Promise<boolean> {
    const id = String(job._id);
    if (this.#runs.has(id) || this.#ended.has(id)) return true;
    try {
      await this.#client.query(id);
    } catch (error) {
      // While the queen cannot be asked nobody knows: the job is looked for until she can.
      if (error instanceof SkepError && error.code === 'JOB_NOT_FOUND') return false;
    }
    this.#adopt(job);
    return true;
  }

  /** Jobs of this server that the queen still has, though the server itself may have given them up at its start. */
  async #findRunning(): Promise<void> {
    const { models } = this.context;
    if (!models?.Job) return;
    for await (const id of listActive(this.#client)) {
      if (this.#runs.has(id)) continue;
      const job = await findById(models.Job, id);
      if (job && (job.runner?.id ?? ID) === ID) this.#adopt(job);
    }
  }

  #adopt(job: StriderDocument): void {
    const id = String(job._id);
    if (this.#runs.has(id) || this.#ended.has(id)) return;
    const run = this.#add(job, job.queued ?? job.created ?? null, Boolean(job.started));
    this.#finishAt(run.resume(), job);
  }

  #take(job: StriderDocument, config: unknown): void {
    if ((config as { runner?: { id?: unknown } } | undefined)?.runner?.id !== ID) return;
    const id = String(job._id);
    if (this.#runs.has(id)) return;
    const now = new Date();
    const run = this.#add(job, now, false);
    // The server hears of a job after its runners, and tells browsers nothing before that.
    process.nextTick(() => this.#update(job, ['queued', now]));
    this.#finishAt(this.#submit(run, job, config), job);
  }

  async #submit(run: JobRun, job: StriderDocument, config: unknown): Promise<RunEnd> {
    await undefined;
    try {
      const { creator, provider } = projectOf(job);
      const account = provider && creator?.account?.(provider.id, provider.account);
      return await run.submit(fromStriderServer(job, config, account?.config, creator?.jobplugins));
    } catch (error) {
      return { kind: 'refused', error: error as Error };
    }
  }

  #add(job: StriderDocument, queued: Date | null, isStarted: boolean): JobRun {
    const id = String(job._id);
    const copy = new JobCopy(job._id, job, queued, this.#client.pageOf(id));
    const run = new JobRun(id, copy, this.#client, (status) => this.#update(job, status), isStarted);
    this.#runs.set(id, run);
    return run;
  }

  #finishAt(end: Promise<RunEnd>, job: StriderDocument): void {
    end.then((how) => this.#finish(job, how)).catch((error: Error) => this.#warn(`job ${String(job._id)}: ${error.message}`));
  }

  #finish(job: StriderDocument, end: RunEnd): void {
    const id = String(job._id);
    const run = this.#runs.get(id);
    if (!run) return;
    this.#runs.delete(id);
    this.#ended.add(id);
    const [oldest] = this.#ended;
    if (this.#ended.size > MAX_ENDED && oldest !== undefined) this.#ended.delete(oldest);
    const { copy } = run;
    const summary = end.kind === 'done' ? end.summary : undefined;
    const { outcome, finished = null } = summary ?? {};
    if (end.kind === 'cancelled' || outcome === 'cancelled') {
      const data = copy.fail('Cancelled by the user', finished);
      this.emitter.emit('job.cancelled', job._id, data);
      this.emitter.emit('job.done', data);
    } else if (summary && (outcome === 'passed' || outcome === 'failed')) {
      this.emitter.emit('job.done', copy.finish(summary, job.type !== 'TEST_ONLY'));
    } else {
      const error = end.kind === 'refused' ? end.error : undefined;
      const message = error?.message ?? `${outcome}: ${summary?.reason ?? 'the queen gives no reason'}`;
      const data = copy.fail(message, finished, error?.stack);
      this.#update(job, ['errored', data.error]);
      this.emitter.emit('job.errored', data);
    }
  }

  #update(job: StriderDocument, [name, ...args]: StriderStatus): void {
    try {
      this.emitter.emit('browser.update', projectOf(job).name, `job.status.${name}`, [job._id, ...args]);
    } catch (error) {
      // Somebody who listens: the job goes on.
      this.#warn(`job ${String(job._id)}: ${(error as Error).message}`);
    }
  }

  #warn(text: string): void {
    (this.context.logger ?? console).warn(`[runner:${ID}] ${text}`);
  }
}

/** A new job brings its project; one from the database names it. */
const projectOf = ({ project }: StriderDocument): Exclude<StriderDocument['project'], string> =>
  typeof project === 'string' ? { name: project } : project;
