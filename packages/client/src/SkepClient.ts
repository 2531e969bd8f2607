import {
  CancelAnswer,
  Comparison,
  DroneSummary,
  DronesAnswer,
  FacetsAnswer,
  type FleetStatus,
  type HookName,
  type Job,
  JobInfo,
  JobSummary,
  type JobsFilter,
  JobsPage,
  type JobsQuery,
  JobWhy,
  OutputIndex,
  type OutputQuery,
  parseAs,
  type Retention,
  RetentionAnswer,
  type SearchEnd,
  type SearchHit,
  SkepError,
  Stats,
  SubmitAnswer,
} from '@skep/protocol';
import { Artifacts } from './Artifacts.js';
import { AGAIN_MS, pause } from './deadline.js';
import { type FollowOptions, follow } from './follow.js';
import type { FollowItem } from './followItem.js';
import { Http, type Query } from './Http.js';
import { type Hook, type HookOptions, hookOn } from './hook.js';
import { jobPath } from './jobPath.js';
import { Link } from './Link.js';
import { newJobId } from './newJobId.js';
import { chunksOf, type OutputChunk } from './outputChunk.js';
import { Platforms } from './Platforms.js';
import { Projects } from './Projects.js';
import { Schedules } from './Schedules.js';
import { type SearchOptions, search } from './search.js';
import { Templates } from './Templates.js';
import { Tokens } from './Tokens.js';
import { resultOf, type TaskOptions } from './task.js';
import { Views } from './Views.js';
import { type QueueListener, watchQueue } from './watchQueue.js';

export interface ClientOptions {
  /** The address of the queen, such as `http://127.0.0.1:7874`. */
  url: string;
  token?: string | undefined;
  /** Milliseconds that one question may take, lost connections included; 30 seconds if absent. */
  deadlineMs?: number;
}

export interface SubmitOptions {
  /** Milliseconds to try for, lost connections included; the client's own deadline if absent. */
  deadlineMs?: number;
}

/** Which part of the output; lines from 1 and bytes from 0, as `from-to` or `from-`, both ends included. */
export type OutputPart = Partial<Pick<OutputQuery, 'attempt' | 'cursor' | 'lines' | 'bytes' | 'command' | 'stream' | 'follow'>>;

const DEADLINE_MS = 30_000;
/** Larger jobs go over HTTP, which answers what is too large with an error where a socket can only be cut. */
const SOCKET_JOB_CHARS = 256 * 1024;

/**
 * Submits, follows and asks about jobs; the same in Node and in browsers. It connects when it first needs to. Every
 * method throws SkepErrors: the queen's own, QUEEN_UNREACHABLE or TIMED_OUT when the deadline has passed.
 */
export class SkepClient {
  readonly #options: Required<Pick<ClientOptions, 'url' | 'deadlineMs'>> & ClientOptions;
  /** What the queen does by itself, and when. */
  readonly schedules: Schedules;
  /** Jobs with parameters. */
  readonly templates: Templates;
  /** Files that jobs leave behind. */
  readonly artifacts: Artifacts;
  /** Filters of jobs that have a name. */
  readonly views: Views;
  /** What opens the queen. */
  readonly tokens: Tokens;
  /** What the drones' machines are. */
  readonly platforms: Platforms;
  /** What jobs have become, by project. */
  readonly projects: Projects;
  readonly #http: Http;
  readonly #followed = new Set<string>();
  readonly #links = new Set<Link>();
  #link: Link | undefined;

  constructor({ url, token, deadlineMs = DEADLINE_MS }: ClientOptions) {
    this.#options = { url: addressOf(url), token, deadlineMs };
    this.#http = new Http(this.#options);
    this.schedules = new Schedules(this.#http);
    this.templates = new Templates(this.#http);
    this.artifacts = new Artifacts(this.#http);
    this.views = new Views(this.#http);
    this.tokens = new Tokens(this.#http);
    this.platforms = new Platforms(this.#http);
    this.projects = new Projects(this.#http);
  }

  /** The address of the queen, without a slash at its end. */
  get url(): string {
    return this.#options.url;
  }

  /** Whether it shows a token. */
  get hasToken(): boolean {
    return this.#options.token !== undefined;
  }

  /** When the lost connection to the queen is tried again (Unix ms); undefined while there is one, or none was needed. */
  get retryAt(): number | undefined {
    return this.#link?.retryAt;
  }

  /** Where a person sees a job. */
  pageOf(id: string): string {
    return `${this.url}/jobs/${encodeURIComponent(id)}`;
  }

  /** Submits a job; resolved when it is durable. One without an id is given one here, so that saying it again after a lost connection makes no second job. */
  async submit(job: Job, { deadlineMs = this.#options.deadlineMs }: SubmitOptions = {}): Promise<SubmitAnswer> {
    const named = { ...job, id: job.id ?? givenId(job) ?? newJobId() };
    const answer =
      JSON.stringify(named).length > SOCKET_JOB_CHARS
        ? await this.#http.json('POST', '/api/jobs', { body: named, repeatable: true })
        : await this.#main().ask('queue:new', [named], deadlineMs);
    return parseAs(SubmitAnswer, answer, 'The answer to a submission');
  }

  /**
   * Lets a drone perform a task, and waits for its end.
   * @param name of its handler
   * @param data its input, a JSON value
   * @returns what the handler returned
   * @throws {TaskFailed} if it ended without a result; SkepError BAD_INPUT if the handler does not take such an input
   */
  async task<Result = unknown>(name: string, data?: unknown, options: TaskOptions = {}): Promise<Result> {
    const { signal, job } = options;
    signal?.throwIfAborted();
    const { id } = await this.submit({ ...job, job_type: name, ...(data !== undefined && { data }) });
    const cancel = (): void => {
      // If that fails too, the task goes on, and its end is still waited for.
      this.cancel(id, 'its caller does not want it any more').catch(() => {});
    };
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted) cancel();
    try {
      return (await resultOf(id, this.follow(id), options)) as Result;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** The whole job with the output so far. */
  async query(id: string): Promise<JobInfo> {
    return parseAs(JobInfo, await this.#http.json('GET', jobPath(id)), 'job:info');
  }

  /** Why a job waits, what each drone has to do with it, and how long it will take. */
  async why(id: string): Promise<JobWhy> {
    return parseAs(JobWhy, await this.#http.json('GET', `${jobPath(id)}/why`), 'Why a job waits');
  }

  /** What the queen keeps, and which jobs its next round will remove; which other bounds would, if some are given. Nothing is removed. */
  async retention(others?: Retention): Promise<RetentionAnswer> {
    const answer = others
      ? await this.#http.json('POST', '/api/retention/plan', { body: others, repeatable: true })
      : await this.#http.json('GET', '/api/retention');
    return parseAs(RetentionAnswer, answer, 'What is kept');
  }

  /** What became of jobs over the last hours (24 if absent), and what is going on now. */
  async stats(hours?: number): Promise<Stats> {
    return parseAs(Stats, await this.#http.json('GET', '/api/stats', { query: { hours } }), 'The statistics');
  }

  /** A page of jobs, newest first unless `sort` says otherwise; `next` of one page is `before` of the one after it. */
  async jobs(query: Partial<JobsQuery> = {}): Promise<JobsPage> {
    return parseAs(JobsPage, await this.#http.json('GET', '/api/jobs', { query }), 'The page of jobs');
  }

  /** The children of a parent, in the order in which they were made; none of any other job. */
  async children(id: string): Promise<JobSummary[]> {
    const children: JobSummary[] = [];
    let before: string | null = null;
    do {
      const page: JobsPage = await this.jobs({ parent: id, sort: 'oldest', limit: 500, ...(before !== null && { before }) });
      children.push(...page.jobs);
      before = page.next;
    } while (before !== null);
    return children;
  }

  /** How many jobs each filter would show, counted under the other filters. */
  async facets(filter: JobsFilter = {}): Promise<FacetsAnswer> {
    return parseAs(FacetsAnswer, await this.#http.json('GET', '/api/facets', { query: filter }), 'The counts of jobs');
  }

  /** Every event of a job from a cursor on, and its summary whenever it changes; see {@link follow}. */
  async *follow(id: string, options: FollowOptions = {}): AsyncGenerator<FollowItem, void, void> {
    // The queen knows one watch of a job on a connection: a second one here has a connection of its own.
    const isSecond = this.#followed.has(id);
    const link = isSecond ? this.#open() : this.#main();
    if (!isSecond) this.#followed.add(id);
    try {
      yield* follow(link, id, options);
    } finally {
      if (isSecond) this.#shut(link);
      else this.#followed.delete(id);
    }
  }

  /** Hears of every change of jobs and drones until the returned function is called; `connected` says: read again what was missed. */
  watchQueue(listener: QueueListener): () => void {
    return watchQueue(this.#main(), listener);
  }

  /**
   * Calls a function whenever this becomes of a job of one of these types (`*`: of any): from now on until the returned
   * function is called, through lost connections too, none twice. See `onMissed` for what may be missing.
   */
  hook(name: HookName, types: string | readonly string[], call: Hook, options: HookOptions = {}): () => void {
    return hookOn(this.#main(), name, [types].flat(), call, options);
  }

  /** How many jobs wait and run, and what every drone does. */
  async status(): Promise<FleetStatus> {
    const [{ now }, drones] = await Promise.all([this.stats(1), this.drones()]);
    return { jobs: { queued: now.queued, running: now.running }, drones };
  }

  /** Ends a job; resolved, with its status by then, when the wish is durable. */
  async cancel(id: string, reason?: string): Promise<CancelAnswer> {
    const body = reason === undefined ? {} : { reason };
    return parseAs(
      CancelAnswer,
      await this.#http.json('POST', `${jobPath(id)}/cancel`, { body, repeatable: true }),
      'The answer to a cancel',
    );
  }

  /** Gives a job that is not done another priority (higher goes first), for all its attempts to come. @throws {SkepError} JOB_DONE */
  async setPriority(id: string, priority: number): Promise<JobSummary> {
    const answer = await this.#http.json('POST', `${jobPath(id)}/priority`, { body: { priority }, repeatable: true });
    return parseAs(JobSummary, answer, 'The job');
  }

  /** Submits a done job again, as a new one. Not said twice: each time makes a job. */
  async retry(id: string): Promise<SubmitAnswer> {
    return parseAs(SubmitAnswer, await this.#http.json('POST', `${jobPath(id)}/retry`, { body: {} }), 'The answer to a retry');
  }

  /** Output as bytes, from its first or from where `part` says; with `follow` to the end of the job. */
  output(id: string, part: OutputPart = {}, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    return this.#http.bytes(`${jobPath(id)}/output`, { query: queryOf(part), signal }, part.follow === true);
  }

  /** Output in chunks that say when and by which command they were written. While it follows, a lost connection is taken up again. */
  async *chunks(id: string, part: OutputPart = {}, signal?: AbortSignal): AsyncGenerator<OutputChunk, void, void> {
    let cursor = part.cursor;
    for (;;) {
      try {
        const query = { ...queryOf({ ...part, ...(cursor !== undefined && { cursor }) }), format: 'ndjson' };
        for await (const chunk of chunksOf(this.#http.bytes(`${jobPath(id)}/output`, { query, signal }, part.follow === true))) {
          yield chunk;
          cursor = chunk.cursor + 1;
        }
        return;
      } catch (error) {
        const wasLost = error instanceof SkepError && error.code === 'QUEEN_UNREACHABLE';
        if (!wasLost || part.follow !== true || signal?.aborted) throw error;
        // Throws QUEEN_UNREACHABLE itself if the queen stays away.
        await this.#http.json('GET', '/readyz', { signal });
        await pause(AGAIN_MS, signal);
      }
    }
  }

  /**
   * What is known of the output of an attempt, the latest if absent, without reading it; with `errors` also which lines tell
   * of errors, once the attempt has ended. @throws {SkepError} ATTEMPT_NOT_FOUND, also before the first
   */
  async outputIndex(id: string, attempt?: number, errors = false): Promise<OutputIndex> {
    const answer = await this.#http.json('GET', `${jobPath(id)}/output/index`, { query: { attempt, errors } });
    return parseAs(OutputIndex, answer, 'The index of an output');
  }

  /** The lines of the output so far in which something is found, in order, as {@link search} gives them; left early, the search ends. */
  search(id: string, { signal, ...options }: SearchOptions): AsyncGenerator<SearchHit, SearchEnd, void> {
    return search((query) => this.#http.bytes(`${jobPath(id)}/output/search`, { query, signal }, true), options);
  }

  /** What two jobs have alike and what not. */
  async compare(a: string, b: string): Promise<Comparison> {
    return parseAs(Comparison, await this.#http.json('GET', '/api/compare', { query: { a, b } }), 'The comparison');
  }

  /** All drones that the queen knows. */
  async drones(): Promise<DroneSummary[]> {
    return parseAs(DronesAnswer, await this.#http.json('GET', '/api/drones'), 'The list of drones').drones;
  }

  /** Gives a drone, by id or name, no new jobs until it is resumed. */
  async drain(drone: string, reason?: string): Promise<DroneSummary> {
    const body = reason === undefined ? {} : { reason };
    return parseAs(DroneSummary, await this.#http.json('POST', `${dronePath(drone)}/drain`, { body, repeatable: true }), 'The drone');
  }

  /** Lets a drained or quarantined drone have jobs again. */
  async resume(drone: string): Promise<DroneSummary> {
    return parseAs(DroneSummary, await this.#http.json('POST', `${dronePath(drone)}/resume`, { body: {}, repeatable: true }), 'The drone');
  }

  /** Forgets a drone, by id or name, that is gone. @throws {SkepError} DRONE_IN_USE if it is connected or holds jobs */
  async forget(drone: string): Promise<void> {
    await this.#http.json('DELETE', dronePath(drone), { repeatable: true });
  }

  /** Ends every connection; what still waits on one rejects. */
  close(): void {
    for (const link of this.#links) link.close();
    this.#links.clear();
    this.#link = undefined;
  }

  #main(): Link {
    this.#link ??= this.#open();
    return this.#link;
  }

  #open(): Link {
    const link = new Link(this.#options);
    this.#links.add(link);
    return link;
  }

  #shut(link: Link): void {
    link.close();
    this.#links.delete(link);
  }
}

/** Strider's jobs bear their id under another name. */
const givenId = (job: Job): string | undefined => (typeof job.job_id === 'string' ? job.job_id : undefined);

const dronePath = (drone: string): string => `/api/drones/${encodeURIComponent(drone)}`;
const queryOf = (part: OutputPart): Query => ({ ...part });

/** The address of a queen as given, which may lie below a path, without a slash at its end. */
function addressOf(url: string): string {
  const given = URL.canParse(url) ? new URL(url) : undefined;
  if (!given || !/^https?:$/.test(given.protocol)) {
    throw new SkepError('INVALID_CONFIG', `${url} is not the address of a queen`, { hint: 'Give one such as http://127.0.0.1:7874.' });
  }
  return given.origin + given.pathname.replace(/\/+$/, '');
}

/** A client of the queen at `url`. */
export const connect = (options: ClientOptions): SkepClient => new SkepClient(options);
