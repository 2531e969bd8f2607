import type { Stream } from '@skep/protocol';

/** Numbers of commands begin at -1 and end below this minus one. */
const NUMS = 2 ** 20;

/** A command as one number of 52 bits: lease and number, so that the commands of an attempt lie together. */
export const commandKeyOf = (lease: number, num: number): number => lease * NUMS + num + 1;

/** The number of the command with this key. */
export const commandNumOf = (key: number): number => (key % NUMS) - 1;

/** What wrote a chunk of output as one number of 53 bits: a command, and which of its streams. */
export const sourceOf = (lease: number, num: number, isStderr: boolean): number => commandKeyOf(lease, num) * 2 + (isStderr ? 1 : 0);

/** The command and the stream of a source. */
export const sourceParts = (source: number): { command: number; stream: Stream } => ({
  command: commandNumOf(Math.floor(source / 2)),
  stream: source % 2 === 1 ? 'stderr' : 'stdout',
});
