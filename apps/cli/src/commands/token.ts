import { CliError } from '../CliError.js';
import { defineCommand } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';
import type { Session } from '../Session.js';

export const token = defineCommand({
  usage: 'token <action> [name]',
  summary: 'Make, list and remove tokens: add, ls, rm',
  examples: ['token add builder-3 --scope drone', 'token ls', 'token rm builder-3'],
  options: [
    { flags: '--scope <scope>', summary: 'admin: everything; drone: only to be a drone (the default)', choices: ['admin', 'drone'] },
  ],
  run: async (session, options, [action = '', name]) => {
    if (action === 'ls') return list(session);
    if (action !== 'add' && action !== 'rm')
      throw new CliError(
        `no such action: ${action}`,
        'tokens can be made, listed and removed',
        'skep token add NAME, skep token ls, skep token rm NAME',
        EXIT.usage,
      );
    if (name === undefined)
      throw new CliError(`skep token ${action} needs the name of a token`, undefined, `skep token ${action} NAME`, EXIT.usage);
    return action === 'add' ? add(session, name, options.text('scope') === 'admin' ? 'admin' : 'drone') : remove(session, name);
  },
});

async function add(session: Session, name: string, scope: 'admin' | 'drone'): Promise<number> {
  const made = await (await session.client()).tokens.add(name, scope);
  if (session.json) await session.terminal.json(made);
  else {
    await session.terminal.line(made.token);
    session.terminal.remark(`this is the token of ${name}, scope ${scope}; it is shown only this once`);
  }
  return EXIT.ok;
}

async function list(session: Session): Promise<number> {
  const tokens = await (await session.client()).tokens.list();
  if (session.json) for (const each of tokens) await session.terminal.json(each);
  else {
    const { tableLines } = await import('../print/table.js');
    const rows = tokens.map(({ name, scope, created }) => [name, scope, new Date(created).toISOString()]);
    for (const line of tableLines(rows)) await session.terminal.line(line);
  }
  return EXIT.ok;
}

async function remove(session: Session, name: string): Promise<number> {
  await (await session.client()).tokens.remove(name);
  if (session.json) await session.terminal.json({ name, removed: true });
  else session.terminal.remark(`token ${name} is removed`);
  return EXIT.ok;
}
