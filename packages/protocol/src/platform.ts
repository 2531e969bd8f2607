import * as z from 'zod';
import { Timestamp } from './vocabulary.js';

export const PlatformName = z
  .string()
  .min(1)
  .max(200)
  .meta({ id: 'PlatformName', description: 'What drones of one kind say in `platform`.' });

/** The drones of one platform together. */
export const Platform = z
  .object({
    name: PlatformName,
    drones: z.array(z.string()).describe('The names of its drones, connected or not.'),
    connected: z.number().int().min(0).describe('How many of them are connected.'),
    dropped: z.object({ since: Timestamp, reason: z.string().optional() }).nullable().describe('null where it gets jobs.'),
  })
  .meta({ id: 'Platform', description: 'The drones of one platform together.' });
export type Platform = z.infer<typeof Platform>;
export const PlatformsAnswer = z.object({ platforms: z.array(Platform) }).meta({ id: 'PlatformsAnswer' });
export const DropBody = z.object({ reason: z.string().max(500).optional() }).meta({ id: 'DropBody' });
