import { type Cell, fromStrider, isStriderJob, isTask, Job, parseAs, SkepError, type SubmitAnswer } from '@skep/protocol';
import { type Ends, knowingEnds } from './after.js';
import { tellJobChanged } from './announce.js';
import { assignWaiting } from './assign.js';
import { type Core, type Decision, decide } from './core.js';
import { endParent, waitForTurn } from './endAttempt.js';
import { checkInput } from './inputCheck.js';
import type { LiveJob } from './LiveJob.js';
import { addPlan, checkIds } from './parents/addPlan.js';
import { countOf, type Plan, planOf } from './parents/planOf.js';

/** Takes jobs in: each id once, however often, and by however many at once, it is submitted. */
export class Submissions {
  /** Those under ids of their callers' own, until they are durable. */
  readonly #arriving = new Map<string, Promise<SubmitAnswer>>();

  /** @param checkReady throws while nothing can be decided */
  constructor(
    private readonly core: Core,
    private readonly checkReady: () => void,
  ) {}

  /** @throws INVALID_JOB, and what `add` throws */
  async submit(data: unknown): Promise<SubmitAnswer> {
    this.checkReady();
    const job = parseAs(Job, isStriderJob(data) ? fromStrider(data) : data, 'The job', 'INVALID_JOB');
    const { id } = job;
    if (id === undefined) return this.#takeIn(job);
    // Whoever submits the same id meanwhile waits for the same commit.
    const arriving = this.#arriving.get(id) ?? this.#takeIn(job).finally(() => this.#arriving.delete(id));
    this.#arriving.set(id, arriving);
    return arriving;
  }

  /** Submits a done job again. @throws JOB_NOT_FOUND, JOB_NOT_DONE, and what `add` throws */
  async retry(id: string): Promise<SubmitAnswer> {
    this.checkReady();
    if (this.core.jobs.has(id)) throw new SkepError('JOB_NOT_DONE', `Job ${id} is not done`);
    const record = await this.core.store.job(id);
    if (!record) throw new SkepError('JOB_NOT_FOUND', `There is no job ${id}`);
    const { id: _, job_id: __, ...job } = record.job;
    return this.#takeIn({ ...job, retryOf: id }, record.cell);
  }

  /** Adds what is planned in one decision. @throws QUEUE_FULL, QUEEN_STOPPING */
  async add(plan: Plan, ends: Ends, also?: (decision: Decision, id: string) => void): Promise<SubmitAnswer> {
    this.checkReady();
    const { core } = this;
    const { id } = plan;
    const same = core.jobs.get(id);
    if (same) return same.stored.then(() => ({ id }));
    const { maxQueue } = core.limits;
    if (core.jobs.size + countOf(plan) > maxQueue)
      throw new SkepError('QUEUE_FULL', `${core.jobs.size} jobs are waiting or running; maxQueue is ${maxQueue}`);
    let made: LiveJob[] = [];
    const stored = decide(core, (decision) => {
      also?.(decision, id);
      made = addPlan(core, decision, plan);
      for (const job of made) {
        if (job.family?.isOver) endParent(core, decision, job, job.family.sum(null));
        else if (!job.family) waitForTurn(core, decision, job, ends);
      }
      assignWaiting(core, decision);
      for (const job of made) if (job.record.status === 'queued') tellJobChanged(core, decision, job);
    });
    for (const job of made) job.stored = stored;
    await stored;
    return { id };
  }

  /** @param cell which cell of a matrix it is, where it repeats one alone */
  async #takeIn(job: Job, cell: Cell | null = null): Promise<SubmitAnswer> {
    const { core } = this;
    const { id } = job;
    if (id !== undefined && (core.jobs.has(id) || (core.store.mayHave(id) && (await core.store.job(id))))) return { id };
    if (isTask(job)) checkInput(job, core.drones.values());
    const plan = planOf(core, job, id ?? core.newId(), cell);
    if (plan.family) await checkIds(core, plan);
    return knowingEnds(core, job, (ends) => this.add(plan, ends));
  }
}
