import type { SkepClient } from '@skep/client';
import type { JobInfo } from '@skep/protocol';
import { defineCommand } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';
import type { Terminal } from '../print/Terminal.js';

export const show = defineCommand({
  usage: 'show <job>',
  summary: 'Show a job: how it stands, its attempts and commands',
  examples: ['show JOB', 'show JOB --json | jq .cmds'],
  completes: 'jobs',
  run: async (session, _, [id = '']) => {
    const client = await session.client();
    const info = await client.query(id);
    if (session.json) await session.terminal.json(info);
    else {
      await print(info, client.pageOf(id), await firstErrorOf(client, info), session.terminal);
      if (info.children) {
        const { childLines } = await import('../print/childLines.js');
        await session.terminal.line();
        for (const line of childLines(await client.children(id), Date.now(), session.terminal.paint)) await session.terminal.line(line);
      }
    }
    return EXIT.ok;
  },
});

/** The first line of the failed command that tells of an error, with its number; empty where nothing failed or none does. */
async function firstErrorOf(client: SkepClient, { id, outcome, attempt, cmds }: JobInfo): Promise<string> {
  const failed = cmds.find(({ exitCode }) => exitCode !== null && exitCode !== 0);
  if (outcome !== 'failed' || !failed) return '';
  // A queen that is too busy to look for it still shows the job.
  const index = await client.outputIndex(id, attempt, true).catch(() => undefined);
  const { first, text } = index?.errors?.commands[failed.num] ?? {};
  return first === undefined ? '' : `line ${first}: ${text}`;
}

async function print(info: JobInfo, page: string, firstError: string, terminal: Terminal): Promise<void> {
  const { leftOutWords, spanWords, statusColour, statusWords } = await import('../print/words.js');
  const { tableLines } = await import('../print/table.js');
  const { cellWords, titleOf } = await import('@skep/protocol');
  const { paint } = terminal;
  const time = (at: number | null): string => (at === null ? '' : new Date(at).toISOString());
  const took = (from: number | null, to: number | null): string => (from === null ? '' : spanWords((to ?? Date.now()) - from));
  const facts = [
    ['job', info.id],
    ['status', paint(statusColour(info), statusWords(info))],
    ['what', titleOf(info.data)],
    ['priority', info.priority === 0 ? '' : String(info.priority)],
    ['parent', info.parent ?? ''],
    ['cell', info.cell ? cellWords(info.cell) : ''],
    ['left out', (info.children?.leftOut ?? []).map(leftOutWords).join('; ')],
    ['project', info.data.project ?? ''],
    ['repo', info.data.repo?.url ?? ''],
    ['ref', info.data.ref ? Object.values(info.data.ref).join(' ') : ''],
    ['error', info.error ? `${info.error.code}: ${info.error.message}` : ''],
    ['first error', firstError],
    ['drone', info.drone ?? ''],
    ['queued', time(info.queued)],
    ['started', time(info.started)],
    ['finished', time(info.finished)],
    ['took', took(info.started, info.finished)],
    ['output', info.children ? '' : `${info.output.lines} lines, ${info.output.bytes} bytes, ${info.output.state}`],
    ['page', page],
  ];
  const shown = facts.filter(([, value]) => value !== '');
  for (const line of tableLines(shown.map(([name = '', value = '']) => [{ plain: name, painted: paint('dim', name) }, value])))
    await terminal.line(line);
  if (info.attempts.length > 1) {
    await terminal.line();
    const rows = info.attempts.map(({ attempt, drone, outcome, reason, started, finished }) => [
      `attempt ${attempt}`,
      outcome ?? 'running',
      drone,
      took(started, finished),
      reason ?? '',
    ]);
    for (const line of tableLines(rows)) await terminal.line(line);
  }
  if (info.cmds.length === 0) return;
  await terminal.line();
  const rows = info.cmds.map(({ num, phase, cmd, exitCode, signal, started, finished }) => [
    num < 0 ? '' : String(num),
    phase ?? '',
    exitCode === null ? 'running' : (signal ?? `exit ${exitCode}`),
    took(started, finished),
    cmd.split('\n', 1)[0] ?? '',
  ]);
  for (const line of tableLines(rows)) await terminal.line(line);
}
