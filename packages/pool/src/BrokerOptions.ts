import { GRACE_MS } from '@skep/protocol';
import * as z from 'zod';

/** Longer than this, and Node's timers would fire at once. */
const MAX_MS = 2 ** 31 - 1;
const duration = z.number().int().min(0).max(MAX_MS);

export const BrokerOptions = z.strictObject({
  /** What its workers are: they find it in their environment as `worker_type`. */
  type: z.string().regex(/^[^\0]+$/, 'must be a name'),
  /** The script that a worker runs; that of this process if absent, as `cluster` has it. */
  entry: z.union([z.string().min(1), z.instanceof(URL)]).optional(),
  /** How many workers there shall be. */
  workerCount: z.number().int().min(0).max(10_000).default(1),
  /** The age in ms at which a worker is replaced by a fresh one; 0: never. */
  recycleRate: duration.default(0),
  /** Resident memory in bytes above which a worker is replaced; 0: no limit. */
  maxMemoryBytes: z.number().int().min(0).default(0),
  /** How long, in ms, a worker that was asked to leave may take: SIGTERM after half of it, SIGKILL at its end. */
  graceMs: duration.default(GRACE_MS),
  /** For how long, in ms, a worker's event loop may stand still before it is killed and replaced; also at its start; at least 2000, or 0: for ever. */
  hangMs: z.union([z.literal(0), duration.min(2000)]).default(30_000),
  /** Workers find it as `env`, the name of what they are configured for. */
  environment: z
    .string()
    .regex(/^[^\0]*$/)
    .default(() => process.env.env ?? 'default'),
});
/** What a broker needs to know; only `type` has no default. */
export type BrokerOptions = z.input<typeof BrokerOptions>;
export type BrokerSettings = Omit<z.output<typeof BrokerOptions>, 'entry'> & { readonly entry: string };
