import type { SkepClient } from '@skep/client';
import { untilItPasses } from './untilItPasses.js';

/** The emitter by which Strider's server and its runners speak to each other. */
export interface StriderEmitter {
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  emit(event: string, ...args: unknown[]): unknown;
}

/** A job as the server hands it over or keeps it: as far as a runner looks into it. */
export interface StriderDocument {
  _id: unknown;
  type?: string;
  project: string | Project;
  runner?: { id?: string };
  created?: Date;
  queued?: Date;
  started?: Date | null;
}

interface Project {
  name: string;
  provider?: { id: string; account?: string };
  creator?: { account?(provider: string, account?: string): { config?: unknown } | undefined; jobplugins?: unknown };
}

interface JobModel {
  findById(id: string, done: (error: unknown, job: StriderDocument | null) => void): unknown;
}

/** What the server gives its plugins, as far as this one needs it. */
export interface StriderContext {
  models?: { Job?: JobModel };
  logger?: { warn(text: string): void };
}

const ID = /^[0-9a-f]{24}$/;

/** The job of this id in the server's database; undefined if it has none, or one cannot be read. */
export const findById = (model: JobModel, id: string): Promise<StriderDocument | undefined> =>
  new Promise((resolve) => {
    model.findById(id, (error, job) => resolve(error || !job ? undefined : job));
  });

/** The jobs of the queen that are not done and bear an id such as Strider gives. Waits for a queen that is away. */
export async function* listActive(client: SkepClient): AsyncGenerator<string> {
  let before: string | null | undefined;
  do {
    const query = { status: 'active' as const, limit: 500, ...(before && { before }) };
    const page = await untilItPasses(() => client.jobs(query));
    for (const { id } of page?.jobs ?? []) if (ID.test(id)) yield id;
    before = page?.next;
  } while (before);
}
