import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { codeBlocks, missingLine } from './codeBlocks.js';
import { Terminal } from './Terminal.js';

describe('the code blocks of a page', () => {
  test('are those that start with $, with each command and what it prints', () => {
    const page = [
      '# Page',
      '```sh',
      'not shown',
      '```',
      '```console',
      '$ echo a \\',
      '  b',
      'a b',
      '$ true',
      '```',
      '```sh',
      "$ cat > f <<'END'",
      'x: $y',
      'END',
      '$ cat f',
      '```',
    ];
    expect(codeBlocks(page.join('\n'))).toEqual([
      {
        line: 6,
        commands: [
          { command: 'echo a \\\n  b', expected: ['a b'] },
          { command: 'true', expected: [] },
        ],
      },
      {
        line: 12,
        commands: [
          { command: "cat > f <<'END'\nx: $y\nEND", expected: [] },
          { command: 'cat f', expected: [] },
        ],
      },
    ]);
  });

  test.each([
    ['nothing is expected', 'a\n', [], undefined],
    ['a line is there', 'a\nb\n', ['b'], undefined],
    ['a line is not there', 'a\n', ['b'], 'b'],
    ['lines come in another order', 'a\nb\n', ['b', 'a'], 'a'],
    ['dots stand for anything within a line', 'job 17: passed\n', ['job ...: passed'], undefined],
    ['dots stand for any lines', 'a\nb\nc\n', ['a', '...', 'c'], undefined],
    ['a sign has a meaning elsewhere', 'a+b (c)\n', ['a+b (c)'], undefined],
  ])('are held against what is printed: %s', (_, output, expected, missing) => expect(missingLine(output, expected)).toBe(missing));
});

describe('a terminal', () => {
  const folder = mkdtempSync(join(tmpdir(), 'skep-terminal-'));
  const terminal = new Terminal(folder, '/no/skep.js');
  const run = (command: string) => terminal.run(command, folder, 1, 'data');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('tells what a command printed and how it ended', async () =>
    expect(await run('echo out; echo err >&2; exit 3')).toEqual({ output: expect.stringMatching(/out|err/), exitCode: 3 }));

  test('lets a command stay up that says that it is ready, and ends it at last', async () => {
    expect(await run('echo "skep queen ready at http://127.0.0.1:$SKEP_PORT"; exec sleep 600')).toEqual({
      output: 'skep queen ready at http://127.0.0.1:1\n',
      exitCode: null,
    });
    await terminal.close();
  });
});
