import { Queen } from '@skep/queen';
import { memoryInUse } from '../lib/memory.js';
import { serve } from '../lib/serve.js';

const skills = {
  start: async (dataDir: string): Promise<string> => (await new Queen({ dataDir, port: 0 }).listen()).url,
  memory: memoryInUse,
};

export type QueenSkills = typeof skills;
serve(skills);
