import { AssignedJob, CancelReason, FrameAck, JobId, ResumeAnswer } from '@skep/protocol';
import fc from 'fast-check';
import { z } from 'zod';
import { arbitraryOf, type Instead } from './arbitraryOf.js';
import { mutate, strange, toJson } from './mutate.js';
import type { Random } from './Random.js';

const SAMPLES = 300;

/** Jobs that may be run for real: nothing in them does any harm, whatever else of them is made wrong. */
const harmless: Instead = (schema) => {
  switch (z.globalRegistry.get(schema)?.id) {
    case 'JobId':
      return fc.constant('job.0');
    case 'Command':
      return fc.constantFrom('true', 'exit 3', 'echo out; echo err >&2', { command: 'echo', args: ['hi'] }, { command: ':', timeout: 1 });
    case 'Repo':
      return fc.constantFrom(undefined, undefined, { url: '/nowhere/repository' });
    case 'Env':
      return fc.constantFrom({}, { A: '1' }, { B: '\ufeff' });
    case 'Requires':
      return fc.constant(undefined);
    default:
      return undefined;
  }
};

/** What a queen says to drones, most of it made wrong in some way. */
export class DroneMessages {
  readonly #samples: unknown[][];
  readonly #answers: Record<'job:events' | 'drone:resume', unknown[]>;
  #job = 0;

  constructor(seed: number) {
    const sample = (schema: z.ZodType, numRuns: number) => fc.sample(arbitraryOf(schema, harmless), { seed, numRuns });
    const jobs = sample(AssignedJob, SAMPLES).map((job) => ['queue:new', { ...(job as object), job_type: undefined }]);
    const tasks = sample(AssignedJob, SAMPLES).map((job) => ['queue:new', { ...(job as object), job_type: 'repeat' }]);
    const cancels = sample(z.tuple([JobId, CancelReason]), SAMPLES).map((args) => ['job:cancel', ...(args as unknown[])]);
    this.#samples = [...jobs, ...tasks, ...cancels, ...Array.from({ length: SAMPLES }, () => ['drone:query-info'])];
    this.#answers = { 'job:events': sample(FrameAck, SAMPLES), 'drone:resume': sample(ResumeAnswer, SAMPLES) };
  }

  /** The JSON of an event's name and arguments. Few of them are valid jobs: each of those is run. */
  next(random: Random): { json: string; attachments: Uint8Array[] } {
    const [event, ...args] = random.pick(this.#samples);
    const kind = random.next();
    const attachments: Uint8Array[] = [];
    const spoken =
      kind < 0.02
        ? [event, ...args]
        : kind < 0.8
          ? [event, ...[mutate(args, random)].flat()]
          : kind < 0.9
            ? [event, ...Array.from({ length: random.below(4) }, () => strange(random))]
            : [random.pick(['error:invalid', 'nothing', 'constructor', 'error', 5, '']), ...args, strange(random)];
    if (random.chance(0.8)) this.#job += 1;
    const json = toJson(spoken, attachments).replaceAll('job.0', `job.${this.#job}`);
    return { json, attachments: attachments };
  }

  /** The JSON of something that is no good answer. */
  answer(event: 'job:events' | 'drone:resume', random: Random): string {
    const answer = random.pick(this.#answers[event]);
    return toJson(random.chance(0.5) ? [mutate(answer, random)] : [strange(random)], []);
  }
}
