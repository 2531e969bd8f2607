import { CliError } from '../CliError.js';
import { completionScripts } from '../completion/scripts.js';
import { defineCommand } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';

export const completion = defineCommand({
  usage: 'completion <shell>',
  summary: 'Print what completes skep in bash, zsh or fish',
  examples: ['completion bash >> ~/.bashrc', 'completion zsh > ~/.zfunc/_skep', 'completion fish > ~/.config/fish/completions/skep.fish'],
  run: async (session, _, [shell = '']) => {
    const script = completionScripts[shell];
    if (script === undefined)
      throw new CliError(`no completion for ${shell}`, 'there is one for bash, zsh and fish', 'skep completion bash', EXIT.usage);
    await session.terminal.line(script);
    return EXIT.ok;
  },
});
