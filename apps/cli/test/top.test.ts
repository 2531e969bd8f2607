import { describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { columnsOf, fitted } from '../src/top/cells.js';
import { serverOf, startFleet } from './helpers/startFleet.js';

describe('skep top', () => {
  test('in a pipe prints drones and jobs as they are, and ends', async () => {
    await using fleet = await startFleet({ capacities: [1] });
    const run = serverOf(fleet.skep(['run', '--id', 'runs', '--no-repo', '--', 'echo up >&2; sleep 60']));
    await run.said(/^up$/m);
    await fleet.skep(['run', '--detach', '--id', 'waits', '--no-repo', '--label', 'gpu=a100', '--', 'make all']);
    const { stdout, exitCode } = await fleet.skep(['top']);
    expect(exitCode).toBe(0);
    const text = String(stdout);
    expect(text).toContain(`skep  ${fleet.url}  drones 1/1  slots 1/1  running 1  waiting 1`);
    expect(text).toMatch(/^d0 +busy +▮ 1\/1 +100 % +0$/m);
    expect(text).toMatch(/^running +runs +echo up >&2; sleep 60 +d0 +\d+/m);
    expect(text).toMatch(/^queued +waits +make all +\d.* no drone has label gpu=a100$/m);
    expect(JSON.parse(String((await fleet.skep(['top', '--json'])).stdout))).toMatchObject({
      drones: [{ name: 'd0', state: 'busy' }],
      jobs: [{ id: 'runs' }, { id: 'waits' }],
    });
  });

  test('on a terminal it is drawn anew as things change, as large as the terminal is, and leaves it as it was', async () => {
    await using fleet = await startFleet({ capacities: [1] });
    await using terminal = await openTerminal(fleet.url, { columns: 70, rows: 12 });
    await terminal.shows(/d0 +idle[\s\S]*no job waits or runs/);
    await fleet.skep(['run', '--detach', '--id', 'long', '--no-repo', '--', `echo ${'wide'.repeat(50)}; sleep 60`]);
    await terminal.shows(/slots 1\/1 {2}running 1[\s\S]*running +long/);
    expect(Math.max(...terminal.lines().map(columnsOf))).toBeLessThanOrEqual(70);
    await terminal.resize({ columns: 40, rows: 8 });
    await terminal.shows(/^skep.*\n(?:.*\n){0,7}.*long/);
    expect(Math.max(...terminal.lines().map(columnsOf))).toBeLessThanOrEqual(40);
    expect(terminal.lines().length).toBeLessThanOrEqual(8);
    await fleet.replaceQueen();
    await terminal.resize({ columns: 120, rows: 12 });
    await terminal.shows(/live[\s\S]*running +long/);
    await fleet.skep(['cancel', 'long']);
    await terminal.shows(/no job waits or runs/);
    terminal.press('q');
    expect(await terminal.left()).toEqual({ exitCode: 0, isRestored: true });
  });

  test('without a queen it says so, and takes no screen', async () => {
    await using terminal = await openTerminal('http://127.0.0.1:9', { columns: 80, rows: 24 });
    const { exitCode } = await terminal.left();
    expect(exitCode).toBe(1);
    expect(terminal.text()).toMatch(/error:.*No queen answers/);
    expect(terminal.text()).not.toContain('\u001b[?1049h');
  });
});

test.each([
  ['abcdef', 4, 'abc…'],
  ['abc', 5, 'abc  '],
  ['日本語です', 6, '日本 …'],
  ['a\u001b[2Jb\r\n', 7, 'a [2Jb '],
  ['e\u0301e\u0301e', 3, 'e\u0301e\u0301e'],
  ['abc', 0, ''],
])('%j in %d columns is %j', (text, columns, shown) => expect(fitted(text, columns)).toBe(shown));

interface TestTerminal extends AsyncDisposable {
  /** All that was written to it. */
  text(): string;
  /** The lines that stand on it now. */
  lines(): string[];
  shows(words: RegExp): Promise<void>;
  resize(size: { columns: number; rows: number }): Promise<void>;
  press(keys: string): void;
  /** Resolved when the program in it has ended. */
  left(): Promise<{ exitCode: number | undefined; isRestored: boolean }>;
}

/** `skep top` in a terminal of its own, as script(1) gives one. */
async function openTerminal(queen: string, size: { columns: number; rows: number }): Promise<TestTerminal> {
  const skep = new URL('../dist/skep.js', import.meta.url).pathname;
  const inside = `stty cols ${size.columns} rows ${size.rows}; tty >&2; exec ${process.execPath} ${skep} top --queen ${queen}`;
  const program = execa('script', ['-qefc', inside, '/dev/null'], {
    reject: false,
    env: { TERM: 'xterm', SHELL: '/bin/sh', NO_COLOR: '1' },
  });
  let text = '';
  program.stdout?.on('data', (bytes: Buffer) => {
    text += bytes.toString();
  });
  const said = async (fits: () => boolean): Promise<void> => {
    for (const until = Date.now() + 20_000; !fits(); ) {
      if (Date.now() > until) throw new Error(`It shows: ${lines().join('\n')}`);
      if (program.exitCode !== null && program.exitCode !== undefined) throw new Error(`It ended: ${text}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  await said(() => /\/dev\/\S+/.test(text));
  const [tty = ''] = /\/dev\/\S+/.exec(text) ?? [];
  const lines = (): string[] => {
    const frame = text.slice(text.lastIndexOf('\u001b[H') + 3);
    return frame.split('\u001b[J')[0]?.replaceAll('\u001b[K', '').split(/\r*\n/) ?? [];
  };
  return {
    text: () => text,
    lines,
    shows: (words) => said(() => text.endsWith('\u001b[J') && words.test(lines().join('\n'))),
    async resize({ columns, rows }) {
      const from = text.length;
      await execa('stty', ['-F', tty, 'cols', String(columns), 'rows', String(rows)]);
      await said(() => text.indexOf('\u001b[J', from) >= 0);
    },
    press: (keys) => void program.stdin?.write(keys),
    async left() {
      const { exitCode } = await program;
      const isRestored = text.indexOf('\u001b[?1049l') > text.indexOf('\u001b[?1049h') && text.includes('\u001b[?25h');
      return { exitCode, isRestored };
    },
    async [Symbol.asyncDispose]() {
      program.kill('SIGHUP');
      await program;
    },
  };
}
