import { defineCommand } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';

export const top = defineCommand({
  usage: 'top',
  summary: 'Watch drones and jobs as they change',
  examples: ['top', 'top | head -20', 'top --json | jq .jobs[].id'],
  notes: 'q, Esc or Ctrl-C leaves. In a pipe it prints what there is now and ends.',
  run: async (session) => {
    const client = await session.client();
    const { Fleet } = await import('../top/Fleet.js');
    const { drawTop } = await import('../top/drawTop.js');
    const { stdin, stdout } = process;
    const { terminal } = session;
    const isLive = stdin.isTTY && stdout.isTTY && session.env.TERM !== 'dumb' && !session.json;
    const fleet = new Fleet(client, () => screen?.update());
    const draw = (size: { columns: number; rows: number }): string[] => {
      const { drones, jobs, isLive, hasAll } = fleet;
      return drawTop({ queen: client.url, drones, jobs, isLive, hasAll }, size, Date.now(), terminal.paint);
    };
    const screen = isLive ? new (await import('../top/Screen.js')).Screen(stdin, stdout, draw) : undefined;
    // Without a queen there is nothing to watch: said here, and not on a screen of its own.
    await fleet.read();
    if (session.json) await terminal.json({ drones: fleet.drones, jobs: fleet.jobs });
    else if (!screen)
      for (const line of draw({ columns: Number.POSITIVE_INFINITY, rows: Number.POSITIVE_INFINITY })) await terminal.line(line);
    else {
      const stop = fleet.follow();
      await screen.run();
      stop();
    }
    return EXIT.ok;
  },
});
