import { defineCommand } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';

export const forget = defineCommand({
  usage: 'forget <drone>',
  summary: 'Take a drone that is gone off the list',
  examples: ['forget builder-3'],
  completes: 'drones',
  run: async (session, _, [name = '']) => {
    await (await session.client()).forget(name);
    if (session.json) await session.terminal.json({ forgotten: name });
    else session.terminal.remark(`drone ${name} is forgotten; if it comes back it is known again`);
    return EXIT.ok;
  },
});
