import type { Command } from '@skep/protocol';
import { type CommandEnd, exitCodeOf } from '../process/commandEnd.js';
import { run } from '../process/run.js';
import type { AttemptReport } from './AttemptReport.js';
import { planCommand } from './commandPlan.js';
import type { Ending } from './Ending.js';
import { MARKER_VARIABLE } from './leaseMarker.js';

/** Where and with what the commands of an attempt run. */
export interface Surroundings {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Takes what a command writes. */
export type Write = (stream: 'stdout' | 'stderr', bytes: Buffer) => void;

/** The most that is told of a command line; arguments may be longer in sum. */
const SHOWN_CHARS = 1024 * 1024;

/** Runs the commands of one attempt and tells of them, numbered from 0. */
export class CommandRunner {
  #next = 0;

  /** @param lease the value of the attempt's marker */
  constructor(
    private readonly report: AttemptReport,
    private readonly lease: string,
    private readonly graceMs: number,
    private readonly ending: Ending,
  ) {}

  /**
   * Runs a command to its end.
   * @param signal kills it, and all that the attempt started
   * @param hear is given what it writes, before secrets are masked
   * @param isSilent whether its output is not told
   * @returns its exit code
   */
  async run(
    command: Command,
    { folder, env }: Surroundings,
    signal: AbortSignal,
    { hear, isSilent = false }: { hear?: Write; isSilent?: boolean } = {},
  ): Promise<number> {
    const plan = planCommand(command, folder);
    const { file, args, cwd, timeoutMs } = plan;
    return this.tell(plan.text, plan.screencmd, async (num, write) => {
      if (cwd === undefined) return { kind: 'not-started', exitCode: 126, why: `the folder of the command lies outside the workspace` };
      const marker = `${MARKER_VARIABLE}=${this.lease}.`;
      const program = {
        file,
        args,
        cwd,
        env: { ...env, ...plan.env, [MARKER_VARIABLE]: `${this.lease}.${num}.` },
        marker,
        ownMarker: `${marker}${num}.`,
      };
      const late =
        timeoutMs === undefined
          ? undefined
          : setTimeout(
              () => this.ending.end({ code: 'timed-out', message: `command ${num}: no end after ${timeoutMs / 1000} s` }),
              timeoutMs,
            );
      try {
        const onOutput: Write = (stream, bytes) => {
          hear?.(stream, bytes);
          if (!isSilent) write(stream, bytes);
        };
        if (isSilent) write('stdout', Buffer.from('[output suppressed]\n'));
        return await run(program, { onOutput, signal, graceMs: this.graceMs });
      } finally {
        clearTimeout(late);
      }
    });
  }

  /**
   * Tells of a command from its start to its end.
   * @param perform runs it; `write` takes what it says
   */
  async tell(text: string, screencmd: string | undefined, perform: (num: number, write: Write) => Promise<CommandEnd>): Promise<number> {
    const { report } = this;
    const num = this.#next++;
    const shown = report.masked(text).slice(0, SHOWN_CHARS);
    report.say({
      name: 'job:cmd:start',
      args: screencmd === undefined ? [num, shown] : [num, shown, report.masked(screencmd).slice(0, SHOWN_CHARS)],
    });
    report.heardAt = performance.now();
    const output = report.outputOf(num);
    const end = await perform(num, (stream, bytes) => {
      report.heardAt = performance.now();
      output.feed(stream, bytes);
    });
    if (end.kind === 'not-started') output.feed('stderr', Buffer.from(`skep: ${end.why}\n`));
    output.end();
    const exitCode = exitCodeOf(end);
    report.say({ name: 'job:cmd:done', args: end.kind === 'killed' ? [num, exitCode, end.signal] : [num, exitCode] });
    return exitCode;
  }
}
