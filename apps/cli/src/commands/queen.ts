import { defineCommand } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';

export const queen = defineCommand({
  usage: 'queen',
  summary: 'Start a queen: it takes jobs and hands them to drones',
  examples: [
    'queen',
    'queen --port 8080 --data /srv/skep',
    'queen --host 0.0.0.0 --host-name build.lan',
    "queen --artifacts 's3://builds/skep?region=eu-west-1'",
  ],
  options: [
    { flags: '--host <address>', summary: 'listen on this address; 127.0.0.1 if absent, any that is not loopback asks for tokens' },
    { flags: '--port <port>', summary: 'listen on this port; 7874 if absent, 0 for any' },
    { flags: '--data <folder>', summary: 'keep everything in this folder' },
    {
      flags: '--artifacts <address>',
      summary: 'where artifacts rest: file:///folder, s3://bucket/prefix, or https://... to give each to; a folder in --data if absent',
    },
    { flags: '--host-name <name>', summary: 'a name under which it may be called', repeats: true },
    { flags: '--origin <origin>', summary: 'another origin whose pages may call it', repeats: true },
    {
      flags: '--order <order>',
      summary: 'among waiting jobs of equal priority the first that came goes first (fifo, if absent) or any (random)',
    },
    { flags: '--badges <who>', summary: 'who sees the badges of projects: who has a token (tokens, if absent), or everybody (public)' },
    { flags: '--lost-after <seconds>', summary: 'how long a silent drone keeps its jobs; 60 if absent' },
    {
      flags: '--keep <bound=number>',
      summary: 'remove done jobs beyond it: passed.days, passed.jobs, passed.bytes, the same of failed; caches.days, caches.bytes',
      repeats: true,
    },
    { flags: '--limit <name=number>', summary: 'a limit in place of its default, such as maxQueue=1000', repeats: true },
    { flags: '--log-level <level>', summary: 'how much is logged; info if absent' },
  ],
  notes: 'SIGTERM or Ctrl-C stops it; drones go on with what they run and report it when it is back.',
  run: async (session) => {
    const { settings } = await session.settings();
    const { startQueen } = await import('../servers/startQueen.js');
    await startQueen(session, settings);
    return EXIT.ok;
  },
});
