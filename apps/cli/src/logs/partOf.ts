import type { OutputPart, SkepClient } from '@skep/client';
import type { JobInfo } from '@skep/protocol';
import { CliError } from '../CliError.js';
import type { Options } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';
import { statusWords } from '../print/words.js';
import { lineSince } from './lineSince.js';

/** The part of a job's output that the flags of `skep logs` name; asks the queen only where it must know more of the job. */
export async function partOf(client: SkepClient, options: Options, id: string): Promise<OutputPart> {
  const part: OutputPart = {};
  if (options.isOn('follow')) part.follow = true;
  const stream = options.text('stream');
  if (stream === 'stdout' || stream === 'stderr') part.stream = stream;
  const command = numberOf(options, 'command');
  if (command !== undefined) part.command = command;
  const attempt = numberOf(options, 'attempt');
  if (attempt !== undefined) part.attempt = attempt;
  const lines = options.text('lines');
  if (lines !== undefined) part.lines = rangeOf(lines);
  const since = options.text('since');
  const tail = numberOf(options, 'tail');
  if (since === undefined && tail === undefined && !options.isOn('failed')) return part;
  const info = await client.query(id);
  if (options.isOn('failed')) Object.assign(part, failedPart(info, part.attempt));
  const total = (info.attempts.find((each) => each.attempt === (part.attempt ?? info.attempt)) ?? info).output.lines;
  // A last line without an end is not among the lines that are counted, so it comes on top.
  if (tail !== undefined) part.lines = `${Math.max(1, total - tail + 1)}-`;
  if (since !== undefined) part.lines = `${await lineSince(client, id, { attempt: part.attempt, total, since })}-`;
  return part;
}

function failedPart({ id, cmds, attempt, ...job }: JobInfo, wanted: number | undefined): Pick<OutputPart, 'command' | 'attempt'> {
  if (wanted !== undefined && wanted !== attempt)
    throw new CliError(
      `which command of attempt ${wanted} failed is not known`,
      `--failed looks at the latest attempt, ${attempt}`,
      `skep logs ${id} --attempt ${wanted}`,
      EXIT.usage,
    );
  const failed = cmds.find(({ exitCode, signal }) => signal !== undefined || (exitCode !== null && exitCode !== 0));
  if (failed) return { command: failed.num, attempt };
  throw new CliError(`no command of job ${id} has failed`, `it is ${statusWords(job)}`, `skep logs ${id}`, EXIT.error);
}

/** `100-200`, `100-`, or `100` for that one line. */
function rangeOf(text: string): string {
  if (/^\d+-\d*$/.test(text)) return text;
  if (/^\d+$/.test(text)) return `${text}-${text}`;
  throw new CliError(`--lines ${text} is no range of lines`, undefined, '--lines 100-200, --lines 100- or --lines 100', EXIT.usage);
}

function numberOf(options: Options, name: string): number | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  throw new CliError(`--${name} ${text} is not a whole number`, undefined, `skep logs JOB --${name} 3`, EXIT.usage);
}
