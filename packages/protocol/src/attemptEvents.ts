import * as z from 'zod';
import { CommandNum, ExitCode, OutputText, Phase, Timestamp } from './vocabulary.js';

const CommandLine = z.string().max(1024 * 1024);

/** Why an attempt could not be run, or was ended before its end. */
export const AttemptError = z
  .object({
    code: z.string().min(1).max(100).describe('For programs, such as `nothing-to-run`, `handler-failed`, `executor-died`.'),
    message: z
      .string()
      .max(64 * 1024)
      .describe('For people.'),
  })
  .meta({ id: 'AttemptError', description: 'Why an attempt could not be run, or was ended early.' });
export type AttemptError = z.infer<typeof AttemptError>;

/**
 * Every event of an attempt, with the schema of its arguments after the job's id. A plain drone sends the id and then
 * these; a packed frame says the id once for all of them.
 */
export const attemptEvents = {
  'job:queued': z.tuple([Timestamp]),
  'job:started': z.tuple([Timestamp]),
  'job:phase': z.tuple([Phase, Timestamp]),
  'job:tested': z.tuple([ExitCode, Timestamp]),
  'job:deployed': z.tuple([ExitCode, Timestamp]),
  'job:done': z.tuple([Timestamp]),
  'job:errored': z.tuple([AttemptError, Timestamp]),
  'job:cmd:start': z.tuple([CommandNum, CommandLine, CommandLine.nullish()]),
  'job:cmd:stdout': z.tuple([CommandNum, OutputText]),
  'job:cmd:stderr': z.tuple([CommandNum, OutputText]),
  'job:cmd:done': z.tuple([CommandNum, ExitCode, z.string().max(20).nullish()]),
  'job:stdout': z.tuple([OutputText]),
  'job:stderr': z.tuple([OutputText]),
  'job:cut': z.tuple([z.number().int().min(1), z.number().int().min(0)]),
  'job:plugin': z.tuple([z.string().min(1).max(200)], z.unknown()),
  'job:progress': z.tuple([z.unknown()]),
  'job:result': z.tuple([z.unknown()]),
} as const;

/** The meaning of each event and of its arguments, for docs/protocol.md. */
export const attemptEventNotes: Record<AttemptEventName, { args: string; meaning: string }> = {
  'job:queued': { args: 'timestamp', meaning: 'The drone has taken the job.' },
  'job:started': { args: 'timestamp', meaning: 'The attempt runs.' },
  'job:phase': { args: 'phase, timestamp', meaning: 'A phase begins.' },
  'job:tested': { args: 'code, timestamp', meaning: 'The test phase ended with this exit code.' },
  'job:deployed': { args: 'code, timestamp', meaning: 'The deploy phase ended with this exit code.' },
  'job:done': { args: 'timestamp', meaning: 'The attempt is over.' },
  'job:errored': { args: '{code, message}, timestamp', meaning: 'The attempt could not be run, or was ended early. Ends a plain attempt.' },
  'job:cmd:start': {
    args: 'num, command, screencmd?',
    meaning: 'A process starts. Browsers and callers see `screencmd` in place of the command.',
  },
  'job:cmd:stdout': { args: 'num, text', meaning: 'A command wrote to its standard output.' },
  'job:cmd:stderr': { args: 'num, text', meaning: 'A command wrote to its standard error.' },
  'job:cmd:done': { args: 'num, exitCode, signal?', meaning: 'A process ended; `signal` names the signal that ended it.' },
  'job:stdout': { args: 'text', meaning: 'Text of the command now running; before the first, of a blank command `[initializing]`.' },
  'job:stderr': { args: 'text', meaning: 'The same, to standard error.' },
  'job:cut': {
    args: 'bytes, limit',
    meaning:
      'So many bytes of output were left out here: all of it is over the limit, in bytes. The line of output that comes next says so.',
  },
  'job:plugin': { args: 'plugin, ...args', meaning: 'What a plugin says in its own words.' },
  'job:progress': { args: 'value', meaning: 'How far a task has come.' },
  'job:result': { args: 'value', meaning: 'What a task returned.' },
};

export type AttemptEventName = keyof typeof attemptEvents;
export const attemptEventNames = Object.keys(attemptEvents) as AttemptEventName[];
export type AttemptEventArgs<E extends AttemptEventName> = z.infer<(typeof attemptEvents)[E]>;

/** One event of an attempt, its arguments checked. */
export type AttemptEvent = { [E in AttemptEventName]: { name: E; args: AttemptEventArgs<E> } }[AttemptEventName];

/** Whether this is the name of an event of an attempt, and not of an inherited property. */
export const isAttemptEventName = (name: unknown): name is AttemptEventName =>
  typeof name === 'string' && Object.hasOwn(attemptEvents, name);
