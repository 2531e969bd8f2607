import { Command, Option } from 'commander';
import type { CommandDefinition, OptionDefinition } from './defineCommand.js';

const commonOptions: readonly OptionDefinition[] = [
  { flags: '--json', summary: 'print for programs' },
  { flags: '--queen <url>', summary: 'the address of the queen' },
  { flags: '--token <token>', summary: 'the token to show to the queen' },
  { flags: '--config <file>', summary: 'settings from this file instead of ./skep.config.yaml' },
  { flags: '--color <when>', summary: 'when to colour', choices: ['auto', 'always', 'never'] },
];

const rootExamples = [
  'skep queen                                 start a queen here',
  'skep drone --queen http://build.lan:7874   let this machine build for it',
  'skep run -- make test                      run a command on the fastest drone',
  'skep logs -f JOB                           follow the output of a job',
];

const rootNotes = `Every command: skep COMMAND --help. Settings come from flags, then SKEP_* variables, then
skep.config.yaml, then what \`skep login\` keeps, then defaults: see \`skep config\`.

Exit codes: 0 done, 1 error, 2 wrong usage or setting, 4 not authenticated, 5 not found,
6 conflict. \`skep run\` exits as its job does: see \`skep run --help\`.`;

export type Run = (definition: CommandDefinition, options: Record<string, unknown>, args: string[]) => Promise<void>;

/** The whole command line, as commander's; `run` is called with the command that was given. */
export function buildProgram(commands: readonly CommandDefinition[], version: string, run: Run): Command {
  const program = new Command('skep')
    .description('One queen routes jobs to many drones, and everybody who cares watches the output live.')
    .version(version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    .enablePositionalOptions()
    .configureHelp({ subcommandTerm: (command) => [command.name(), command.alias()].filter(Boolean).join(', ') })
    .configureOutput({ outputError: () => {} })
    .exitOverride();
  addExamples(program, rootExamples, rootNotes);
  for (const definition of commands) addCommand(program, definition, run);
  return program;
}

function addCommand(program: Command, definition: CommandDefinition, run: Run): void {
  const command = program
    .command(definition.usage, { hidden: definition.isHidden ?? false })
    .summary(definition.summary)
    .description(`${definition.summary}.`);
  if (definition.alias) command.alias(definition.alias);
  if (definition.passesThrough) command.passThroughOptions();
  const own = definition.options ?? [];
  const named = new Set(own.map(({ flags }) => longName(flags)));
  for (const option of own) command.addOption(toOption(option));
  for (const option of commonOptions) if (!named.has(longName(option.flags))) command.addOption(toOption(option));
  addExamples(
    command,
    definition.examples.map((example) => `skep ${example}`),
    definition.notes,
  );
  command.action((...given: unknown[]) => {
    // Commander gives each argument, a list for the last of several, then the options and the command.
    const args = given
      .slice(0, -2)
      .flat()
      .filter((arg) => arg !== undefined);
    return run(definition, command.opts(), args.map(String));
  });
}

function toOption({ flags, summary, repeats, choices }: OptionDefinition): Option {
  const option = new Option(flags, summary);
  if (choices) option.choices([...choices]);
  if (repeats) option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
  return option;
}

const longName = (flags: string): string => /--[a-z-]+/.exec(flags)?.[0] ?? flags;

function addExamples(command: Command, examples: readonly string[], notes: string | undefined): void {
  command.addHelpText('before', `${examples.map((example) => `  $ ${example}`).join('\n')}\n`);
  if (notes !== undefined) command.addHelpText('after', `\n${notes}`);
}
