import { defineCommand } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';

export const drain = defineCommand({
  usage: 'drain <drone>',
  summary: 'Give a drone no new jobs; what it runs goes on',
  examples: ['drain builder-3 --reason "new disk"'],
  options: [{ flags: '--reason <words>', summary: 'why, for whoever looks at the drone' }],
  completes: 'drones',
  run: async (session, options, [name = '']) => {
    const drone = await (await session.client()).drain(name, options.text('reason'));
    if (session.json) await session.terminal.json(drone);
    else session.terminal.remark(`drone ${drone.name} gets no new jobs; ${drone.running.length} still running`);
    return EXIT.ok;
  },
});
