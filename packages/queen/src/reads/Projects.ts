import { type JobSummary, type Project, type ProjectSummary, SkepError } from '@skep/protocol';
import type { Store } from '@skep/store';
import type { JobReader } from './JobReader.js';

/** How many of the newest jobs are shown of a project, are looked at for its branches, and are counted. */
const RECENT = 20;
const BRANCHED = 500;
const COUNTED = 1000;
/** What the cells of a matrix became is the sum that their parent says. */
const own = { sort: 'newest', parent: 'none' } as const;

export interface ProjectsOptions {
  store: Pick<Store, 'projects' | 'tally' | 'countArtifacts'>;
  reader: Pick<JobReader, 'page'>;
  /** Whether badges need no token. */
  hasPublicBadges: boolean;
}

/** What jobs have become, by the projects that they name. */
export class Projects {
  readonly hasPublicBadges: boolean;
  readonly #store: ProjectsOptions['store'];
  readonly #reader: ProjectsOptions['reader'];

  constructor({ store, reader, hasPublicBadges }: ProjectsOptions) {
    this.#store = store;
    this.#reader = reader;
    this.hasPublicBadges = hasPublicBadges;
  }

  /** A page of projects, by name, from the one after `after` on. */
  async list(after: string, limit: number): Promise<{ projects: ProjectSummary[]; next: string | null }> {
    const names = await this.#store.projects(after, limit + 1);
    const shown = names.slice(0, limit);
    return {
      projects: await Promise.all(shown.map((name) => this.#summary(name))),
      next: names.length > limit ? (shown.at(-1) ?? null) : null,
    };
  }

  /** All of one project. @throws PROJECT_NOT_FOUND */
  async one(project: string): Promise<Project> {
    const [summary, newest, passed] = await Promise.all([
      this.#summary(project),
      this.#reader.page({ project, ...own, limit: BRANCHED }),
      this.#reader.page({ project, outcome: 'passed', ...own, limit: RECENT }),
    ]);
    if (newest.jobs.length === 0) throw new SkepError('PROJECT_NOT_FOUND', `No job names the project ${project}`);
    return {
      ...summary,
      branches: newestOfBranches(newest.jobs),
      made: await this.#firstWithArtifacts(passed.jobs),
      usual: medianOf(passed.jobs.flatMap(({ started, finished }) => (started === null || finished === null ? [] : [finished - started]))),
      badge: this.hasPublicBadges,
    };
  }

  /** How a project stands, or one branch of it: by the newest job that is done and was not cancelled; without one, by whether any is on its way. */
  async standing(project: string, branch: string | undefined): Promise<'passing' | 'failing' | 'running' | 'unknown'> {
    const filter = { project, ...own, ...(branch !== undefined && { branch }) };
    const [done, active] = await Promise.all([
      this.#reader.page({ ...filter, status: 'done', limit: RECENT }),
      this.#reader.page({ ...filter, status: 'active', limit: 1 }),
    ]);
    const latest = done.jobs.find(({ outcome }) => outcome !== 'cancelled');
    if (!latest) return active.jobs.length > 0 ? 'running' : 'unknown';
    return latest.outcome === 'passed' ? 'passing' : 'failing';
  }

  async #firstWithArtifacts(jobs: readonly JobSummary[]): Promise<JobSummary | null> {
    for (const job of jobs) if ((await this.#store.countArtifacts(job.id, job.attempt)) > 0) return job;
    return null;
  }

  async #summary(project: string): Promise<ProjectSummary> {
    const [recent, tally] = await Promise.all([
      this.#reader.page({ project, ...own, limit: RECENT }),
      this.#store.tally({ project, parent: null }, 'standing', COUNTED),
    ]);
    const counts = { passed: 0, failed: 0, active: 0 };
    for (const { status, outcome, jobs } of tally.counts)
      counts[status !== 'done' ? 'active' : outcome === 'passed' ? 'passed' : 'failed'] += jobs;
    return { project, recent: recent.jobs, counts };
  }
}

/** The newest job of each branch, of jobs that come newest first. */
function newestOfBranches(jobs: readonly JobSummary[]): Project['branches'] {
  const latest = new Map<string | null, JobSummary>();
  for (const job of jobs) if (!latest.has(job.branch ?? null)) latest.set(job.branch ?? null, job);
  return [...latest].map(([branch, job]) => ({ branch, latest: job }));
}

function medianOf(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? null;
}
