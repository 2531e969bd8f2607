import { resolve } from 'node:path';
import { CliError } from '../CliError.js';
import { defineCommand, type Options } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';
import type { Session } from '../Session.js';

export const artifacts = defineCommand({
  usage: 'artifacts <action> <what> [globs...]',
  alias: 'artifact',
  summary: 'List and fetch what a job left behind (ls, get), or leave something behind from within one (put)',
  examples: [
    'artifacts ls JOB',
    'artifacts get JOB',
    "artifacts get JOB 'dist/**' -o out",
    'artifact put report.html --as reports/today.html',
  ],
  options: [
    { flags: '-o, --output <folder>', summary: 'where get writes; here if absent' },
    { flags: '--attempt <n>', summary: 'of this attempt; the latest if absent' },
    { flags: '--as <name>', summary: 'the path that put gives it; its own from here if absent' },
  ],
  notes: `A file is fetched whole and with the right digest, or not at all; what broke off goes on from there when it is said again.
put works in the commands of a job alone: it shows the ticket of their attempt.`,
  run: async (session, options, [action = '', what = '', ...globs]) => {
    if (action === 'ls') return list(session, options, what);
    if (action === 'get') return get(session, options, what, globs);
    if (action === 'put') return put(session, options, what);
    throw new CliError(
      `no such action: ${action}`,
      'artifacts can be listed, fetched and put',
      'skep artifacts ls JOB, skep artifacts get JOB, skep artifact put FILE',
      EXIT.usage,
    );
  },
});

function attemptOf(options: Options): number | undefined {
  const text = options.text('attempt');
  if (text === undefined || /^[1-9]\d*$/.test(text)) return text === undefined ? undefined : Number(text);
  throw new CliError(`--attempt ${text} is no number of an attempt`, undefined, '--attempt 1', EXIT.usage);
}

async function list(session: Session, options: Options, job: string): Promise<number> {
  const found = await (await session.ticketClient()).artifacts.list(job, attemptOf(options));
  if (session.json) for (const each of found) await session.terminal.json(each);
  else {
    const { tableLines } = await import('../print/table.js');
    for (const line of tableLines(found.map(({ path, size, sha256 }) => [String(size), sha256.slice(0, 12), path])))
      await session.terminal.line(line);
  }
  return EXIT.ok;
}

async function get(session: Session, options: Options, job: string, globs: readonly string[]): Promise<number> {
  const { chosenOf, fetchArtifacts } = await import('../artifacts/fetchArtifacts.js');
  const client = await session.ticketClient();
  const chosen = chosenOf(await client.artifacts.list(job, attemptOf(options)), globs);
  if (chosen.length === 0)
    throw new CliError(
      `${job} left nothing behind${globs.length > 0 ? ` that ${globs.join(' ')} names` : ''}`,
      undefined,
      `skep artifacts ls ${job}`,
      EXIT.notFound,
    );
  await fetchArtifacts(client, chosen, resolve(session.cwd, options.text('output') ?? '.'), async (artifact, wasThere) => {
    if (session.json) await session.terminal.json({ ...artifact, wasThere });
    else await session.terminal.line(artifact.path);
  });
  return EXIT.ok;
}

async function put(session: Session, options: Options, path: string): Promise<number> {
  const { putArtifact } = await import('../artifacts/putArtifact.js');
  const artifact = await putArtifact(session, path, options.text('as'));
  if (session.json) await session.terminal.json(artifact);
  else session.terminal.remark(`${artifact.path} is an artifact of this job, ${artifact.size} bytes`);
  return EXIT.ok;
}
