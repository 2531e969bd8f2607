import { defineCommand } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';

export const drone = defineCommand({
  usage: 'drone',
  summary: 'Let this machine run jobs of a queen',
  examples: ['drone --queen http://build.lan:7874', 'drone --queen http://build.lan:7874 --name big --capacity 4 --label gpu=h100'],
  options: [
    { flags: '--name <name>', summary: 'what people call it; the name of the machine if absent' },
    { flags: '--speed <number>', summary: 'higher is faster; measured if absent' },
    { flags: '--capacity <count>', summary: 'how many jobs at once; one for each CPU if absent' },
    { flags: '-l, --label <key=value>', summary: 'a label beside os, arch, cpus and memory', repeats: true },
    { flags: '--platform <name>', summary: 'what its machine is, for jobs that require it; such as "linux x64" if absent' },
    { flags: '--pass-env <name>', summary: 'a variable of this process that jobs see too', repeats: true },
    { flags: '--plugins <place>', summary: 'plugins: a file, a folder, or an npm package that is installed', repeats: true },
    { flags: '--plugin-timeout <seconds>', summary: 'how long a plugin may be silent; 300 if absent' },
    { flags: '--handlers <file>', summary: 'a module that exports handlers of tasks, in TypeScript or JavaScript', repeats: true },
    { flags: '--data <folder>', summary: 'its own folder for workspaces and what is not yet reported' },
    { flags: '--min-free-bytes <bytes>', summary: 'take no jobs while less is free on the disk; 1 GiB if absent' },
    { flags: '--max-output <bytes>', summary: 'send no more output of an attempt, but its head and tail; 1 GiB if absent' },
    { flags: '--executor-max-age <seconds>', summary: 'replace an executor that is older, between two jobs; a day if absent' },
    { flags: '--executor-max-attempts <count>', summary: 'or that has run so many attempts; 1000 if absent' },
    { flags: '--executor-max-memory <bytes>', summary: 'or that holds more memory after one; 512 MiB if absent' },
    { flags: '--log-level <level>', summary: 'how much is logged; info if absent' },
  ],
  notes: 'SIGTERM or Ctrl-C: no new jobs, finish those that run, then leave. A second one cancels them.',
  run: async (session) => {
    const { settings } = await session.settings();
    const { startDrone } = await import('../servers/startDrone.js');
    await startDrone(session, settings);
    return EXIT.ok;
  },
});
