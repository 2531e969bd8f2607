import { defineCommand } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';

export const resume = defineCommand({
  usage: 'resume <drone>',
  summary: 'Give a drained or quarantined drone jobs again',
  examples: ['resume builder-3'],
  completes: 'drones',
  run: async (session, _, [name = '']) => {
    const drone = await (await session.client()).resume(name);
    if (session.json) await session.terminal.json(drone);
    else session.terminal.remark(`drone ${drone.name} is ${drone.state}`);
    return EXIT.ok;
  },
});
