import type { CommandDefinition } from '../defineCommand.js';
import { completionScripts } from './scripts.js';

const nameOf = ({ usage }: CommandDefinition): string => usage.split(' ', 1)[0] ?? '';

/** What a word can be whose end is not yet written. */
export type Candidates = { words: string[] } | { ask: 'jobs' | 'drones' };

/**
 * What the last of the words can be.
 * @param words all words after `skep`, the last one as far as it is written
 */
export function candidatesFor(words: readonly string[], commands: readonly CommandDefinition[]): Candidates {
  const current = words.at(-1) ?? '';
  const shown = commands.filter(({ isHidden }) => isHidden !== true);
  if (words.length <= 1) return { words: startingWith(current, [...shown.map(nameOf), '--help', '--version']) };
  const command = shown.find((each) => nameOf(each) === words[0] || each.alias === words[0]);
  if (!command || words.slice(0, -1).includes('--')) return { words: [] };
  if (current.startsWith('-'))
    return { words: startingWith(current, [...flagsOf(command), '--json', '--queen', '--token', '--config', '--color', '--help']) };
  const option = command.options?.find(({ flags }) => flagNames(flags).includes(words.at(-2) ?? ''));
  if (option?.choices) return { words: startingWith(current, option.choices) };
  if (command.completes) return { ask: command.completes };
  return { words: nameOf(command) === 'completion' ? startingWith(current, Object.keys(completionScripts)) : [] };
}

export const startingWith = (start: string, words: readonly string[]): string[] => words.filter((word) => word.startsWith(start));

const flagNames = (flags: string): string[] => flags.match(/--?[a-z][a-z-]*/g) ?? [];
const flagsOf = ({ options = [] }: CommandDefinition): string[] =>
  options.flatMap(({ flags }) => flagNames(flags).filter((name) => name.startsWith('--')));
