import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Fleet, startFleet } from './helpers/startFleet.js';

const job = `id: broken
phases:
  test:
    - printf 'one\\nTwo\\n'; echo three >&2
    - |
      printf '\\033[31mtwo\\033[0m (2)\\n'; seq 5 1000; echo 'two at last'; exit 3
  cleanup:
    - echo two too late
`;

describe('skep logs', () => {
  let fleet: Fleet;
  const skep = async (...args: string[]) => {
    const { stdout, stderr, exitCode } = await fleet.skep(args);
    return { out: String(stdout), err: String(stderr), exit: exitCode };
  };
  beforeAll(async () => {
    fleet = await startFleet({ capacities: [1] });
    await writeFile(join(fleet.folder, 'job.yaml'), job);
    await fleet.skep(['submit', 'job.yaml']);
    await fleet.skep(['wait', 'broken']);
  });
  afterAll(async () => fleet[Symbol.asyncDispose]());

  test('--grep finds lines as grep does', async () => {
    const cases: [args: string[], out: string][] = [
      [['two'], '4:two (2)\n1001:two at last\n1002:two too late\n'],
      [['TWO', '-i'], '2:Two\n4:two (2)\n1001:two at last\n1002:two too late\n'],
      [['(2)'], '4:two (2)\n'],
      [['^t.*[e)]$', '--regex'], '3:three\n4:two (2)\n1002:two too late\n'],
      [['two', '--command', '1'], '4:two (2)\n1001:two at last\n'],
      [['two', '--failed'], '4:two (2)\n1001:two at last\n'],
      [['two', '--lines', '5-1001'], '1001:two at last\n'],
      [['two', '--tail', '1'], '1002:two too late\n'],
      [['t', '--stream', 'stderr'], '3:three\n'],
    ];
    const found = await Promise.all(cases.map(([args]) => skep('logs', 'broken', '--grep', ...args)));
    expect(found).toEqual(cases.map(([, out]) => ({ out, err: '', exit: 0 })));
  });

  test('--errors finds what tells of errors, and a job that failed shows the first of them', async () => {
    const script = 'echo fine; echo "a.c:1: error: no"; echo "2 failed"; exit 1';
    await skep('run', '-q', '--no-repo', '--id', 'failing', '--', script);
    expect(await skep('logs', 'failing', '--errors')).toEqual({ out: '2:a.c:1: error: no\n3:2 failed\n', err: '', exit: 0 });
    expect((await skep('logs', 'broken', '--errors')).exit).toBe(1);
    expect((await skep('show', 'failing')).out).toMatch(/^first error +line 2: a\.c:1: error: no$/m);
  });

  test('--grep is 1 where nothing was found, and 2 where it was asked wrongly', async () => {
    expect(await skep('logs', 'broken', '--grep', 'zwei')).toEqual({ out: '', err: '', exit: 1 });
    expect(await skep('logs', 'broken', '--grep', '(', '--regex')).toMatchObject({
      exit: 2,
      err: expect.stringMatching(/Unterminated group[\s\S]*try: /),
    });
    expect(await skep('logs', 'broken', '--grep', 'a', '-f')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('try: skep logs -f broken | grep a'),
    });
    expect(await skep('logs', 'none', '--grep', 'a')).toMatchObject({ exit: 5 });
  });

  test('--grep colours what it found, and prints it for programs', async () => {
    expect((await skep('logs', 'broken', '--grep', 'two', '--tail', '1', '--color', 'always')).out).toBe(
      '\u001b[32m1002\u001b[39m:\u001b[31mtwo\u001b[39m too late\n',
    );
    expect(JSON.parse((await skep('logs', 'broken', '--grep', 'too', '--json')).out)).toEqual({
      line: 1002,
      command: 2,
      stream: 'stdout',
      text: 'two too late',
      column: 5,
    });
  });

  test('all that is found is printed, however much it is', async () => {
    const { out, exit } = await skep('logs', 'broken', '--grep', '', '--regex');
    expect({ out, exit }).toMatchObject({ exit: 2 });
    expect((await skep('logs', 'broken', '--grep', '.', '--regex')).out.trimEnd().split('\n')).toHaveLength(1002);
  });

  test('prints the part that it was asked for', async () => {
    const cases: [args: string[], out: RegExp][] = [
      [['--failed', '--lines', '5-6'], /^5\n6\n$/],
      [['--failed'], /^\S*two\S* \(2\)\n5\n[\s\S]*two at last\n$/],
      [['--lines', '3'], /^three\n$/],
      [['--command', '0', '--stream', 'stdout'], /^one\nTwo\n$/],
      [['--cmd', '2'], /^two too late\n$/],
      [['--since', '1h'], /^one\n[\s\S]*too late\n$/],
      [['--since', '2999-01-01'], /^$/],
      [['--since', '1h', '--timestamps', '--cmd', '2'], /^\d{4}-\S+Z two too late\n$/],
    ];
    const printed = await Promise.all(cases.map(([args]) => skep('logs', 'broken', ...args)));
    expect(printed).toEqual(cases.map(([, out]) => ({ out: expect.stringMatching(out), err: '', exit: 0 })));
  });

  test('--since begins where it was written then', async () => {
    const chunks = (await skep('logs', 'broken', '--json')).out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const at = chunks.at(-1).at as number;
    const since = new Date(at).toISOString();
    const written = chunks
      .filter((chunk) => chunk.at >= at)
      .map(({ text }) => text)
      .join('');
    expect((await skep('logs', 'broken', '--since', since)).out).toBe(written);
  });

  test('what makes no sense is refused, with what to do', async () => {
    const cases: [args: string[], words: RegExp][] = [
      [['--lines', '1-2', '--tail', '3'], /--lines and --tail do not go together/],
      [['--command', '1', '--failed'], /--command and --failed do not go together/],
      [['--since', 'soon'], /--since soon is not a duration/],
      [['--lines', 'a-b'], /--lines a-b is no range of lines/],
      [['--failed', '--attempt', '2'], /attempt 2/],
    ];
    const refused = await Promise.all(cases.map(([args]) => skep('logs', 'broken', ...args)));
    expect(refused).toEqual(cases.map(([, words]) => ({ out: '', err: expect.stringMatching(words), exit: 2 })));
    for (const { err } of refused) expect(err).toMatch(/^try: /m);
  });

  test('--failed of a job in which nothing failed says so', async () => {
    await fleet.skep(['run', '-q', '--no-repo', '--id', 'fine', '--', 'true']);
    expect(await skep('logs', 'fine', '--failed')).toMatchObject({
      exit: 1,
      err: expect.stringMatching(/no command of job fine has failed[\s\S]*it is passed/),
    });
  });

  test('open hands the page to the browser, and prints its address where there is none', async () => {
    const browser = join(fleet.folder, 'browser');
    const seen = join(fleet.folder, 'seen');
    await writeFile(browser, `#!/bin/sh\nprintf '%s' "$*" > ${seen}\n`);
    await chmod(browser, 0o755);
    const url = `${fleet.url}/jobs/broken#L5-L6`;
    const opened = await fleet.skep(['open', 'broken', '--lines', '5-6'], { env: { BROWSER: `${browser} --new` } });
    expect(opened).toMatchObject({ exitCode: 0, stdout: '', stderr: `skep: opened ${url}\n` });
    expect(await readFile(seen, 'utf8')).toBe(`--new ${url}`);
    for (const env of [{ BROWSER: '', DISPLAY: '', WAYLAND_DISPLAY: '' }, { BROWSER: join(fleet.folder, 'none') }])
      expect(await fleet.skep(['open'], { env })).toMatchObject({ exitCode: 0, stdout: `${fleet.url}/\n` });
    expect(await skep('open', 'none')).toMatchObject({ exit: 5 });
  });
});
