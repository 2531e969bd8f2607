import * as z from 'zod';
import { Labels } from './job.js';
import { DroneId } from './vocabulary.js';

const Names = z.array(z.string().min(1).max(200)).max(1000);

/** What a drone says of itself in `drone:info`. */
export const DroneInfo = z
  .object({
    speed: z
      .number()
      .int()
      .min(1)
      .max(1_000_000_000)
      .describe('Higher is faster; what `skep drone` measures is comparable between machines.'),
    capacity: z.number().int().min(1).max(10_000).describe('How many attempts it runs at once.'),
    name: z.string().min(1).max(200).optional().describe('For people; its id if absent.'),
    id: DroneId.optional().describe('The same after every start. A drone without one cannot come back as itself.'),
    labels: Labels.optional(),
    plugins: Names.optional(),
    handlers: Names.optional().describe('Names of the tasks it can perform.'),
    inputs: z
      .record(z.string().min(1).max(200), z.record(z.string(), z.unknown()))
      .optional()
      .describe(
        'What these handlers take: a JSON Schema for each that has one. The queen refuses submissions by the parts of it that it knows.',
      ),
    platform: z.string().max(200).optional().describe('What its machine is: a word that jobs can require.'),
    version: z.string().max(100).optional(),
    draining: z.boolean().optional().describe('It takes no new jobs: it is about to leave, or has no room.'),
    reason: z.string().max(500).optional().describe('Why it takes no new jobs, in words.'),
  })
  .meta({ id: 'DroneInfo', description: 'What a drone says of itself.' });
export type DroneInfo = z.infer<typeof DroneInfo>;

/** What a drone of ours says in the handshake's `auth`, beside its token. */
export const DroneGreeting = z
  .object({
    protocol: z.number().int().optional().describe('The version of the packed form that it speaks; absent: the plain form.'),
    id: DroneId.optional(),
    session: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe('New at every start of the drone: tells a reconnect from a second drone with the same id.'),
    many: z.boolean().optional().describe('It takes and says `many`.'),
    token: z.string().max(1000).optional(),
  })
  .meta({ id: 'DroneGreeting', description: "The handshake's `auth` on `/drone`." });
export type DroneGreeting = z.infer<typeof DroneGreeting>;

/** The version of the packed form that this package describes. */
export const PROTOCOL_VERSION = 1;
