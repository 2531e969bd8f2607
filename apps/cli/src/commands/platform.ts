import type { Platform } from '@skep/protocol';
import { CliError } from '../CliError.js';
import { defineCommand } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';
import type { Session } from '../Session.js';

const actions = ['ls', 'drop', 'restore'];

export const platform = defineCommand({
  usage: 'platform <action> [name]',
  summary: 'List platforms, give one no jobs for a while, and take it back',
  examples: ['platform ls', 'platform drop freebsd-14 --reason "new disks"', 'platform restore freebsd-14'],
  options: [{ flags: '--reason <words>', summary: 'why, for whoever looks at its drones and jobs' }],
  notes: `Actions: ls, drop, restore. While a platform is dropped its drones get no jobs, jobs that require it wait, and a matrix leaves
its cells out. What runs goes on.`,
  run: async (session, options, [action = '', name]) => {
    if (action === 'ls') return list(session);
    if (!actions.includes(action))
      throw new CliError(`there is no action ${action}`, undefined, `skep platform ${actions.join(' | ')}`, EXIT.usage);
    if (name === undefined)
      throw new CliError(`${action} needs the name of a platform`, undefined, `skep platform ${action} NAME`, EXIT.usage);
    const { platforms } = await session.client();
    const changed = action === 'drop' ? await platforms.drop(name, options.text('reason')) : await platforms.restore(name);
    if (session.json) await session.terminal.json(changed);
    else session.terminal.remark(wordsOf(changed));
    return EXIT.ok;
  },
});

function wordsOf({ name, drones, dropped }: Platform): string {
  const whose = drones.length === 0 ? 'of which no drone is known' : drones.join(', ');
  return dropped ? `platform ${name} (${whose}) gets no jobs` : `platform ${name} (${whose}) gets jobs`;
}

async function list(session: Session): Promise<number> {
  const { json, terminal } = session;
  const platforms = await (await session.client()).platforms.list();
  if (json) for (const each of platforms) await terminal.json(each);
  else if (platforms.length === 0) terminal.remark('no drone names a platform, and none is dropped');
  else {
    const { tableLines } = await import('../print/table.js');
    const heading = ['PLATFORM', 'STATE', 'DRONES'].map((plain) => ({ plain, painted: terminal.paint('dim', plain) }));
    const rows = platforms.map(({ name, drones, dropped }) => {
      const state = dropped ? `dropped${dropped.reason === undefined ? '' : `: ${dropped.reason}`}` : 'in use';
      return [name, { plain: state, painted: terminal.paint(dropped ? 'yellow' : 'green', state) }, drones.join(', ')];
    });
    for (const line of tableLines([heading, ...rows])) await terminal.line(line);
  }
  return EXIT.ok;
}
