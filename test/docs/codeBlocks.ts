/** A command of a code block, and the lines that it is said to print. */
export interface ShownCommand {
  command: string;
  /** In the order in which they have to come; `...` stands for anything. */
  expected: string[];
}

/** A fenced code block whose first line starts with `$`: what a reader types and sees. */
export interface CodeBlock {
  /** The line in the file, from 1. */
  line: number;
  commands: ShownCommand[];
}

/** All blocks of a Markdown page that show a terminal. */
export function codeBlocks(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  for (const match of markdown.matchAll(/^```[^\n]*\n(\$ .*?)^```$/gms)) {
    const line = markdown.slice(0, match.index).split('\n').length + 1;
    blocks.push({ line, commands: commandsOf((match[1] ?? '').trimEnd().split('\n')) });
  }
  return blocks;
}

function commandsOf(lines: string[]): ShownCommand[] {
  const commands: ShownCommand[] = [];
  for (const line of lines) {
    const last = commands.at(-1);
    if (last && isUnfinished(last.command)) last.command += `\n${line}`;
    else if (line.startsWith('$ ')) commands.push({ command: line.slice(2), expected: [] });
    else last?.expected.push(line);
  }
  return commands;
}

/** A command goes on in the next line after a backslash, and until the end of what it is given to read. */
function isUnfinished(command: string): boolean {
  const word = command.match(/<<-?\s*'?(\w+)'?/)?.[1];
  return command.endsWith('\\') || (word !== undefined && !command.split('\n').slice(1).includes(word));
}

/** The first of the lines that does not appear where it should; undefined if all do. */
export function missingLine(output: string, expected: readonly string[]): string | undefined {
  const printed = output.split('\n').map((line) => line.trimEnd());
  let from = 0;
  for (const line of expected.filter((each) => each.trim() !== '' && each.trim() !== '...')) {
    const pattern = new RegExp(`^${line.trimEnd().split('...').map(escaped).join('.*')}$`);
    const found = printed.findIndex((each, index) => index >= from && pattern.test(each));
    if (found < 0) return line;
    from = found + 1;
  }
  return undefined;
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
