import { join } from 'node:path';
import { Queen } from '@skep/queen';
import { memoryInUse } from '../lib/memory.js';
import { serve } from '../lib/serve.js';

const webDir = join(import.meta.dirname, '../../../../apps/web/dist');

const skills = {
  start: async (dataDir: string): Promise<string> => (await new Queen({ dataDir, port: 0, webDir }).listen()).url,
  memory: memoryInUse,
  pid: () => process.pid,
};

export type QueenSkills = typeof skills;
serve(skills);
