import { candidatesFor, startingWith } from '../completion/candidates.js';
import { type CommandDefinition, defineCommand } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';

/** What the completion scripts call: prints what the last of the words can be, one a line. */
export const complete = (commands: readonly CommandDefinition[]): CommandDefinition =>
  defineCommand({
    usage: '__complete [words...]',
    summary: 'Print completions',
    examples: [],
    isHidden: true,
    passesThrough: true,
    run: async (session, _, words) => {
      const found = candidatesFor(words, commands);
      const { knownIds } = await import('../completion/knownIds.js');
      const list = 'words' in found ? found.words : startingWith(words.at(-1) ?? '', await knownIds(session, found.ask));
      for (const word of list) await session.terminal.line(word);
      return EXIT.ok;
    },
  });
