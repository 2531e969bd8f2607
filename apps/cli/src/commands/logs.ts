import { CliError } from '../CliError.js';
import { defineCommand, type Options } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';

export const logs = defineCommand({
  usage: 'logs <job>',
  summary: 'Print the output of a job, from its first byte, or search it',
  examples: [
    'logs -f JOB',
    'logs JOB --failed',
    'logs JOB --failed --errors',
    'logs JOB --lines 100-200',
    'logs JOB --command 3 --stream stderr',
    'logs JOB --since 5m --timestamps',
    "logs JOB --grep 'undeclared' -i",
    "logs JOB --grep 'error|fatal' --regex --failed",
  ],
  options: [
    { flags: '-f, --follow', summary: 'go on to the end of the job' },
    { flags: '--lines <a-b>', summary: 'only these lines, from 1, both included; open if b is absent' },
    { flags: '--tail <n>', summary: 'only the last lines' },
    { flags: '--since <time>', summary: 'only what was written since; such as 5m, 1h30m or 2026-01-31T12:00Z' },
    { flags: '--cmd, --command <n>', summary: 'only what this command wrote, from 0' },
    { flags: '--failed', summary: 'only what the command wrote that failed' },
    { flags: '--stream <name>', summary: 'only this one', choices: ['stdout', 'stderr'] },
    { flags: '--attempt <n>', summary: 'of this attempt; the latest if absent' },
    { flags: '--timestamps', summary: 'put the time before each line' },
    { flags: '--grep <text>', summary: 'only lines in which this is seen, with their numbers' },
    { flags: '--errors', summary: 'only lines that tell of errors, with their numbers' },
    { flags: '-i, --ignore-case', summary: 'small and capital letters are alike to --grep' },
    { flags: '--regex', summary: 'what --grep looks for is a regular expression' },
  ],
  notes: 'With --grep or --errors it exits with 0 if a line was found and 1 if none. Escape sequences are no part of what is seen.',
  completes: 'jobs',
  run: async (session, options, [id = '']) => {
    refuseTogether(options, ['lines', 'tail', 'since']);
    refuseTogether(options, ['command', 'failed']);
    refuseTogether(options, ['grep', 'follow'], `skep logs -f ${id} | grep ${options.text('grep')}`);
    refuseTogether(options, ['grep', 'timestamps']);
    refuseTogether(options, ['errors', 'grep']);
    refuseTogether(options, ['errors', 'follow']);
    refuseTogether(options, ['errors', 'timestamps']);
    const { partOf } = await import('../logs/partOf.js');
    const part = await partOf(await session.client(), options, id);
    if (options.text('grep') !== undefined || options.isOn('errors')) {
      const { grep } = await import('../logs/grep.js');
      return grep(session, options, id, part);
    }
    const { printOutput } = await import('../logs/printOutput.js');
    await printOutput(session, id, part, options.isOn('timestamps'));
    const { sayGaps } = await import('../logs/sayGaps.js');
    await sayGaps(session, id, part.attempt);
    return EXIT.ok;
  },
});

function refuseTogether(options: Options, flags: readonly string[], instead?: string): void {
  const given = flags.filter((flag) => options.text(flag) !== undefined || options.isOn(flag)).map((flag) => `--${flag}`);
  if (given.length < 2) return;
  throw new CliError(`${given.join(' and ')} do not go together`, undefined, instead ?? `one of ${given.join(', ')}`, EXIT.usage);
}
