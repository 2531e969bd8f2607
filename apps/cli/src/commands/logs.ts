import type { OutputPart } from '@skep/client';
import { CliError } from '../CliError.js';
import { defineCommand, type Options } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';
import type { Session } from '../Session.js';

export const logs = defineCommand({
  usage: 'logs <job>',
  summary: 'Print the output of a job, from its first byte',
  examples: ['logs JOB', 'logs -f JOB', 'logs JOB --lines 100-200', 'logs JOB --cmd 3 --stream stderr', 'logs JOB --tail 50 --timestamps'],
  options: [
    { flags: '-f, --follow', summary: 'go on to the end of the job' },
    { flags: '--lines <a-b>', summary: 'only these lines, from 1, both included; open if b is absent' },
    { flags: '--cmd <n>', summary: 'only what this command wrote, from 0' },
    { flags: '--stream <name>', summary: 'only this one', choices: ['stdout', 'stderr'] },
    { flags: '--tail <n>', summary: 'only the last lines' },
    { flags: '--attempt <n>', summary: 'of this attempt; the latest if absent' },
    { flags: '--timestamps', summary: 'put the time before each line' },
  ],
  completes: 'jobs',
  run: async (session, options, [id = '']) => {
    const part = await partOf(session, options, id);
    const client = await session.client();
    if (session.json || options.isOn('timestamps') || part.follow === true) await inChunks(session, options, id, part);
    else for await (const bytes of client.output(id, part)) await session.terminal.bytes('stdout', bytes);
    return EXIT.ok;
  },
});

async function partOf(session: Session, options: Options, id: string): Promise<OutputPart> {
  const part: OutputPart = {};
  if (options.isOn('follow')) part.follow = true;
  const lines = options.text('lines');
  const tail = numberOf(options, 'tail');
  if (lines !== undefined) part.lines = lines;
  else if (tail !== undefined) part.lines = await lastLines(session, id, tail);
  const stream = options.text('stream');
  if (stream === 'stdout' || stream === 'stderr') part.stream = stream;
  const command = numberOf(options, 'cmd');
  if (command !== undefined) part.command = command;
  const attempt = numberOf(options, 'attempt');
  if (attempt !== undefined) part.attempt = attempt;
  return part;
}

/** A last line without an end is not among the lines that are counted, so it comes on top. */
async function lastLines(session: Session, id: string, count: number): Promise<string> {
  const { output } = await (await session.client()).query(id);
  return `${Math.max(1, output.lines - count + 1)}-`;
}

/** Chunk by chunk, for what must know when and by whom it was written, and for what is taken up again when the connection is lost. */
async function inChunks(session: Session, options: Options, id: string, part: OutputPart): Promise<void> {
  const { terminal } = session;
  const { Timestamps } = await import('../print/Timestamps.js');
  const { textOrBase64 } = await import('../print/textOrBase64.js');
  const stamps = options.isOn('timestamps') ? new Timestamps() : undefined;
  for await (const { bytes, ...place } of (await session.client()).chunks(id, part)) {
    if (session.json) await terminal.json({ ...place, ...textOrBase64(bytes) });
    else await terminal.bytes('stdout', stamps ? stamps.stamp(bytes, place.at, `${place.command} ${place.stream}`) : bytes);
  }
}

function numberOf(options: Options, name: string): number | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  throw new CliError(`--${name} ${text} is not a whole number`, undefined, `skep logs JOB --${name} 3`, EXIT.usage);
}
