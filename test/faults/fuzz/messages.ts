import {
  attemptEvents,
  CancelAnswer,
  Cursor,
  callerMessages,
  droneMessages,
  FrameAck,
  fromStrider,
  HooksAnswer,
  isStriderJob,
  Job,
  JobId,
  JobInfo,
  ResumeAnswer,
  SubmitAnswer,
} from '@skep/protocol';
import fc from 'fast-check';
import { z } from 'zod';
import { arbitraryOf, type Instead } from './arbitraryOf.js';
import { Json, mutate, strange, toJson } from './mutate.js';
import type { Random } from './Random.js';

/** What stands in generated messages for the lease of the job they speak of, which only the queen knows. */
export const LEASE = 777_777_777;
/** Jobs that messages speak of: `job.0` to `job.7`, an own set for each round. */
export const JOBS = 8;
const SAMPLES = 150;
/** What is longer may be nested deep. */
const DEEP_CHARS = 15_000;

export type Side = 'caller' | 'drone';

/** A message as it goes over the wire. */
export interface Message {
  side: Side;
  /** The JSON of the event's name and arguments. */
  json: string;
  attachments: Uint8Array[];
  /** Whether an answer is asked for. */
  asks: boolean;
}

const idOf = (schema: z.ZodType): unknown => z.globalRegistry.get(schema)?.id;

/** So that generated messages reach past the schemas: they speak of jobs that there are, under their leases. */
const likely: Instead = (schema) => {
  if (schema.description === 'The seq of the first event.') return fc.constantFrom(0, 0, 1, 2);
  switch (idOf(schema)) {
    case 'JobId':
      return fc.integer({ min: 0, max: JOBS - 1 }).map((number) => `job.${number}`);
    case 'AttemptNumber':
      return fc.constantFrom(1, 1, 1, 2);
    case 'LeaseNumber':
      return fc.constantFrom(LEASE, LEASE, LEASE, 1);
    case 'CommandNum':
      return fc.constantFrom(0, 0, 1, 1_000_000);
    case 'Requires':
      return fc.constantFrom(undefined, { labels: { fuzz: 'yes' } }, { minSpeed: 10_000 });
    case 'PackedEvent':
      return fc.oneof(
        ...Object.entries(attemptEvents).map(([name, args]) =>
          fc
            .tuple(fc.constantFrom(0, 5, 1e6, Number.MAX_SAFE_INTEGER), arbitraryOf(args, likely))
            .map(([offset, values]) => [offset, name, ...(values as unknown[])]),
        ),
      );
    default:
      return undefined;
  }
};

/** What a plain drone says: the job's id comes first. */
const plainEvents = Object.fromEntries(
  Object.entries(attemptEvents).map(([name, args]) => {
    const { items, rest } = args._zod.def as unknown as { items: z.ZodType[]; rest: z.ZodType | null };
    const named: [z.ZodType, ...z.ZodType[]] = [JobId, ...items];
    return [name, rest ? z.tuple(named, rest) : z.tuple(named)];
  }),
);
const spoken: Record<Side, Record<string, z.ZodType>> = { caller: callerMessages, drone: { ...droneMessages, ...plainEvents } };

const nothing = z.strictObject({});
const answers: Record<Side, Record<string, z.ZodType>> = {
  caller: {
    'queue:new': SubmitAnswer,
    'job:cancel': CancelAnswer,
    'job:query-info': JobInfo,
    'job:watch': z.object({ cursor: Cursor }),
    'hooks:watch': HooksAnswer,
    many: z.array(z.unknown()),
  },
  drone: { 'drone:resume': ResumeAnswer, 'job:events': FrameAck, many: z.array(z.unknown()) },
};

/** What the queen may answer to a message that it takes. */
export const answerTo = (side: Side, event: unknown): z.ZodType => answers[side][String(event)] ?? nothing;

/** Whether the schemas say that a message must be refused. */
export function mustBeRefused(side: Side, [event, ...args]: unknown[]): boolean {
  const known = Object.hasOwn(spoken[side], String(event)) && typeof event === 'string';
  if (!known) return true;
  if (side === 'caller' && event === 'queue:new') {
    const [job] = args;
    // A job is JSON, whose schema cannot tell bytes from an object without fields.
    if (args.length !== 1 || ArrayBuffer.isView(job)) return true;
    return !Job.safeParse(isStriderJob(job) ? fromStrider(job) : job).success;
  }
  return !spoken[side][event]?.safeParse(args).success;
}

/** Makes messages of every event of one side: some valid, most made wrong in some way. */
export class Messages {
  readonly #samples: [event: string, args: unknown[]][];

  constructor(
    private readonly side: Side,
    seed: number,
  ) {
    this.#samples = Object.entries(spoken[side]).flatMap(([event, schema]) =>
      fc.sample(arbitraryOf(schema, likely), { seed, numRuns: SAMPLES }).map((args): [string, unknown[]] => [event, args as unknown[]]),
    );
  }

  next(random: Random): Message {
    const [event, args] = random.pick(this.#samples);
    const attachments: Uint8Array[] = [];
    const spoken = misspoken(event, args, random);
    const json = toJson(spoken, attachments);
    // Socket.IO cannot decode what is nested deep beside bytes, and ends the connection: that is said as garbage, on others.
    if (attachments.length > 0 && json.length > DEEP_CHARS) return this.next(random);
    return { side: this.side, json, attachments, asks: random.chance(0.6) };
  }
}

function misspoken(event: string, args: unknown[], random: Random): unknown[] {
  const kind = random.next();
  if (kind < 0.3) return [event, ...args];
  if (kind < 0.75) return [event, ...argumentsOf(mutate(args, random))];
  if (kind < 0.8) return [event, ...args.slice(0, -1)];
  if (kind < 0.85) return [event, ...args, strange(random)];
  if (kind < 0.92) return [event, ...Array.from({ length: random.below(4) }, () => strange(random))];
  return [nameNotSpoken(random), ...args];
}

const argumentsOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** Names that Socket.IO lets pass: any text but its own few, and numbers. */
const nameNotSpoken = (random: Random): unknown =>
  random.pick([
    ...[
      '',
      'error',
      'message',
      'ping',
      'toString',
      '__proto__',
      'constructor',
      'job:',
      'JOB:QUEUED',
      'queue:new ',
      'x'.repeat(10_000),
      '\0',
    ],
    ...[0, -1, 1.5, new Json('1e999'), new Json('"\\ud800"'), 'job:info', 'drone:joined', 'error:invalid', 'job:frame'],
  ]);
