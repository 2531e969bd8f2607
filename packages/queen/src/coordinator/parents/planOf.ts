import { axesOf, type Cell, isTask, type Job, type LeftOut, type Matrix } from '@skep/protocol';
import type { Core } from '../core.js';
import { cellValuesOf, fillTemplate } from '../templates/fillTemplate.js';
import { findTemplate } from '../templates/findTemplate.js';
import { cellsWithin } from './cellsWithin.js';
import { childIdOf } from './childId.js';
import { buildJob, cellJob } from './childJobs.js';
import { invalidJob } from './invalidJob.js';

/** A job that is to be made. */
export interface Plan {
  readonly id: string;
  readonly job: Job;
  readonly parent: string | null;
  readonly cell: Cell | null;
  /** What is made with it, where it is a parent. */
  readonly family: { kind: 'cells' | 'builds'; children: readonly Plan[]; leftOut: LeftOut[] } | null;
}

type Given = Pick<Core, 'templates' | 'platforms' | 'limits'>;

/**
 * What is to be made for a submitted job: the job, or the parent that it is with its children.
 * @param cell which cell it is of a matrix
 * @throws {SkepError} INVALID_JOB, TOO_MANY_CELLS; what is wrong with the template or the values of a cell
 */
export function planOf(core: Given, job: Job, id: string, cell: Cell | null = null, parent: string | null = null): Plan {
  if (job.template && !job.matrix) throw invalidJob('template', 'goes with a matrix; a template alone is run by its name');
  if (job.reproducible && isTask(job)) throw invalidJob('reproducible', 'only a build can be');
  if (job.matrix) return { id, job, parent, cell, family: cellsIn(core, job, job.matrix, id) };
  if (job.reproducible) {
    const children = [buildPlan(id, job, cell, 1, null)];
    return { id, job, parent, cell, family: { kind: 'builds', children, leftOut: [] } };
  }
  return { id, job, parent, cell, family: null };
}

/** How many jobs a plan makes. */
export const countOf = ({ family }: Plan): number => 1 + (family?.children ?? []).reduce((sum, child) => sum + countOf(child), 0);

/** The ids of all children of a plan, and of theirs. */
export const childIdsOf = ({ family }: Plan): string[] => (family?.children ?? []).flatMap((child) => [child.id, ...childIdsOf(child)]);

/**
 * A build of a reproducible job.
 * @param number 1 or 2
 * @param notDrone the id of the drone that had the other
 */
export function buildPlan(parent: string, job: Job, cell: Cell | null, number: number, notDrone: string | null): Plan {
  const build = { ...cell, build: number };
  return { id: childIdOf(parent, [`build-${number}`]), job: buildJob(job, notDrone), parent, cell: build, family: null };
}

function cellsIn(core: Given, job: Job, matrix: Matrix, id: string): Plan['family'] {
  const cells = cellsWithin(core.limits, matrix);
  if (job.reproducible && axesOf(matrix).some(([axis]) => axis === 'build'))
    throw invalidJob('matrix.build', 'is what tells the builds of a reproducible job apart');
  const jobOf = job.template ? fromTemplate(core, job, job.template) : (cell: Cell): Job => cellJob(job, cell);
  const leftOut = new Map<string, LeftOut>();
  const children = cells.flatMap((cell) => {
    const own = jobOf(cell);
    const dropped = cell.platform === undefined ? undefined : core.platforms.get(own.requires?.platform ?? '');
    if (!dropped) return [planOf(core, own, childIdOf(id, Object.values(cell).map(String)), cell, id)];
    const { name: platform, reason } = dropped;
    leftOut.set(platform, { platform, cells: (leftOut.get(platform)?.cells ?? 0) + 1, ...(reason !== null && { reason }) });
    return [];
  });
  return { kind: 'cells', children, leftOut: [...leftOut.values()] };
}

/** Makes each cell of the template, which its axes may give values; where the job came from and what it comes after is the parent's. */
function fromTemplate(core: Given, job: Job, { name, values = {} }: NonNullable<Job['template']>): (cell: Cell) => Job {
  const { spec } = findTemplate(core, name);
  const { trigger, after, follows } = job;
  return (cell) => {
    const own = cellValuesOf(spec.parameters ?? [], cell);
    const filled = fillTemplate(spec, { ...values, ...own });
    const inherited = { ...(trigger && { trigger }), ...(after && { after }), ...(follows && { follows }) };
    return cellJob({ ...filled, ...inherited }, cell, new Set(Object.keys(own)));
  };
}
