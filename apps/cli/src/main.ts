import { CommanderError } from 'commander';
import { CliError } from './CliError.js';
import { commands } from './commands/index.js';
import { type CommandDefinition, Options } from './defineCommand.js';
import { EXIT, exitOfError } from './exitCodes.js';
import type { ColourWish } from './print/paint.js';
import { buildProgram } from './program.js';
import { Session } from './Session.js';
import { settingFlags } from './settingFlags.js';
import { version } from './version.js';

/**
 * Runs the command line that was given.
 * @returns what to exit with
 */
async function main(argv: readonly string[]): Promise<number> {
  const { stdout, stderr, env } = process;
  let exit: number = EXIT.ok;
  const run = async (definition: CommandDefinition, given: Record<string, unknown>, args: string[]): Promise<void> => {
    const options = new Options(given);
    const session = new Session({
      stdout,
      stderr,
      env,
      version,
      cwd: process.cwd(),
      color: (options.text('color') ?? 'auto') as ColourWish,
      json: options.isOn('json'),
      quiet: options.isOn('quiet'),
      flags: settingFlags(options),
      configFile: options.text('config'),
    });
    try {
      exit = (await definition.run(session, options, args)) ?? EXIT.ok;
    } catch (error) {
      exit = await report(error, session, definition);
    } finally {
      session.close();
    }
  };
  const program = buildProgram(commands, version, run);
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.ok;
    // Without any command, the help that was asked for by that has been printed.
    if (error.code === 'commander.help') return EXIT.usage;
    return reportUsage(error, argv);
  }
  return exit;
}

async function report(error: unknown, session: Session, { failureExit }: CommandDefinition): Promise<number> {
  const { failureOf, failureText } = await import('./print/failure.js');
  const failure = failureOf(error);
  if (session.json)
    session.terminal.notice(
      JSON.stringify({ error: { code: failure.code, message: failure.message, why: failure.why, hint: failure.hint } }),
    );
  else session.terminal.notice(failureText(failure, session.terminal.paintErr));
  if (failureExit !== undefined) return failureExit;
  return error instanceof CliError ? error.exit : exitOfError(failure.code === 'USAGE' ? 'INVALID_CONFIG' : failure.code);
}

/** What is wrong with the command line itself, in commander's words and our form. */
function reportUsage(error: CommanderError, argv: readonly string[]): number {
  const [message = '', suggestion] = error.message.split('\n');
  const command = commands.find(({ usage, alias }) => usage.split(' ', 1)[0] === argv[0] || alias === argv[0]);
  const meant = /Did you mean (?:one of )?(.+?)\?/.exec(suggestion ?? '')?.[1];
  const name = command?.usage.split(' ', 1)[0];
  const help = name === undefined ? 'skep --help' : `skep ${name} --help`;
  const hint = meant === undefined ? help : `${meant.startsWith('-') ? `skep ${name ?? ''} ${meant}` : `skep ${meant}`}, or ${help}`;
  process.stderr.write(`error: ${message.replace(/^error: /, '')}\ntry: ${hint}\n`);
  return command?.failureExit ?? EXIT.usage;
}

// Whoever read our output has left; there is nobody to complain to.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.readerGone);
    throw error;
  });

const exit = await main(process.argv.slice(2));
// A pipe may still hold what was written last.
for (const stream of [process.stdout, process.stderr]) await new Promise<void>((resolve) => stream.write('', () => resolve()));
process.exit(exit);
