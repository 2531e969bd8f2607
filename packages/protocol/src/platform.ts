import * as z from 'zod';
import { PlatformName, Timestamp } from './vocabulary.js';

/** A platform: its drones, and whether it was dropped. */
export const Platform = z
  .object({
    name: PlatformName,
    drones: z.array(z.string()).describe('The names of its drones, connected or not.'),
    dropped: z
      .object({ since: Timestamp, reason: z.string().optional() })
      .nullable()
      .describe('While it is dropped its drones get no jobs, and a fan-out leaves its cells out; null: it is not.'),
  })
  .meta({ id: 'Platform', description: 'A platform: its drones, and whether it was dropped.' });
export type Platform = z.infer<typeof Platform>;

export const PlatformsAnswer = z.object({ platforms: z.array(Platform) }).meta({ id: 'PlatformsAnswer' });
export const DropBody = z.object({ reason: z.string().max(500).optional().describe('Why, in words.') }).meta({ id: 'DropBody' });
