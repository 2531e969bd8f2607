import { describe, expect, test } from '@jest/globals';
import type { Job } from '@skep/protocol';
import { aFolder, Running, runJob, until } from '../executor/helpers.js';
import { FileQueen } from '../helpers/FileQueen.js';

const withTicket = (job: Job): Job => ({ ...job, ticket: 'skept_the-ticket' });
const build = (queen: FileQueen, dataDir: string, job: Job): Promise<Running> => runJob(withTicket(job), dataDir, { queen: queen.url });

describe('artifacts', () => {
  test('are what the globs name: path, size, mode and digest of each, with the ticket of the attempt, which no output shows', async () => {
    await using folder = await aFolder();
    await using queen = await new FileQueen().start();
    const attempt = await build(queen, folder.path, {
      artifacts: ['dist', 'reports/*.xml', '!dist/skip.me'],
      phases: {
        test: [
          'mkdir -p dist/sub reports; printf hello > dist/a; printf "#!" > dist/sub/run; chmod 750 dist/sub/run; touch dist/.empty dist/skip.me x; printf "<x/>" > reports/r.xml',
          'echo "$SKEP_QUEEN $SKEP_TICKET"',
        ],
      },
    });
    expect(queen.stored).toEqual(['dist/.empty', 'dist/a', 'dist/sub/run', 'reports/r.xml']);
    expect(queen.files.get('dist/sub/run')).toMatchObject({ announced: { attempt: 1, lease: attempt.job.lease, size: 2, mode: 0o750 } });
    expect(queen.files.get('dist/a')?.bytes.toString()).toBe('hello');
    expect(new Set(queen.asked.map(({ ticket }) => ticket))).toEqual(new Set(['Bearer skept_the-ticket']));
    expect(attempt.output('stdout')).toContain(`${queen.url} ●●●\n`);
    expect(attempt.output('stdout')).toContain('4 files, 11 bytes\n');
    expect(attempt.story.slice(-4)).toEqual([
      'cmd:start 2 collect artifacts dist reports/*.xml !dist/skip.me',
      'cmd:done 2 0',
      'phase cleanup',
      'done',
    ]);
  });

  test('are taken of an attempt that failed too, but for those of one that passed', async () => {
    await using folder = await aFolder();
    await using queen = await new FileQueen().start();
    const artifacts: Job['artifacts'] = ['log', { paths: ['package'], when: 'passed' }];
    const attempt = await build(queen, folder.path, { artifacts, phases: { test: ['touch log package; exit 3'], cleanup: ['rm -f log'] } });
    expect(queen.stored).toEqual(['log']);
    expect(attempt.said('job:tested')[0]?.[0]).toBe(3);
    expect(attempt.error).toBeUndefined();
    await build(queen, folder.path, { artifacts, phases: { test: ['touch log package'] } });
    expect(queen.stored).toEqual(['log', 'package']);
  });

  test('are never what lies outside, nor pipes, nor names that are not allowed; each is left out by name, the rest is taken', async () => {
    await using folder = await aFolder();
    await using queen = await new FileQueen().start();
    const attempt = await build(queen, folder.path, {
      artifacts: ['out'],
      phases: {
        test: [
          'mkdir -p out within; cd out; echo in > ../within/file; ln -s ../within/file good; ln -s /etc/passwd passwd; ln -s /etc etc; ln -s ../../owner up; ln -s nowhere broken; ln -s pipe pipelink; mkfifo pipe; ln -s ../within folder; touch "new\nline" "back\\\\slash" plain',
        ],
      },
    });
    expect(queen.stored).toEqual(['out/good', 'out/plain']);
    const told = attempt.output('stderr');
    expect(told).toContain('"out/passwd" is left out: it is a link that leads out of the workspace\n');
    expect(told).toContain('"out/up" is left out: it is a link that leads out of the workspace\n');
    expect(told).toContain('"out/etc" is left out: it is a link that leads out of the workspace\n');
    expect(told).toContain('"out/broken" is left out: it is a link that leads nowhere\n');
    expect(told).toContain('"out/folder" is left out: it is a link to a folder\n');
    expect(told).toContain('"out/pipe" is left out: it is no plain file\n');
    expect(told).toContain('"out/pipelink" is left out: it is no plain file\n');
    expect(told).toMatch(/"out\/new\\nline" is left out: its name must have no control characters\n/);
    expect(told).toMatch(/"out\/back\\\\slash" is left out: its name must be written with/);
    expect(attempt.error).toBeUndefined();
  });

  test('go on where they were after a cut, and after the queen was away', async () => {
    await using folder = await aFolder();
    await using queen = await new FileQueen().start();
    let cuts = 0;
    queen.cutAfter = () => (++cuts <= 3 ? 300_000 : undefined);
    const running = new Running(
      withTicket({ artifacts: ['big'], phases: { test: ['head -c 3000000 /dev/urandom > big; echo made'] } }),
      folder.path,
      {
        queen: queen.url,
      },
    );
    await until(() => cuts >= 2, 'two cuts');
    queen.stop();
    await until(() => running.said('job:cmd:start').length === 2);
    await queen.start();
    await running.done;
    expect(running.error).toBeUndefined();
    expect(queen.stored).toEqual(['big']);
    const offsets = queen.asked.filter(({ method }) => method === 'PATCH').map(({ offset }) => offset);
    expect(offsets.slice(1).every((offset, index) => offset > (offsets[index] ?? 0))).toBe(true);
  });

  test('that do not reach the queen in the time of the job are named, and the attempt is over', async () => {
    await using folder = await aFolder();
    const gone = await new FileQueen().start();
    gone.stop();
    const attempt = await build(gone, folder.path, { artifacts: ['a'], timeout: { job: 1 }, phases: { test: ['touch a'] } });
    expect(attempt.error).toMatchObject({ code: 'timed-out' });
    expect(attempt.output('stderr')).toContain('1 of 1 files are not at the queen: no end after 1 s\n');
  });

  test('that the queen refuses end an attempt that had passed; one that failed stays failed', async () => {
    await using folder = await aFolder();
    await using queen = await new FileQueen().start();
    queen.refusal = { status: 413, code: 'ARTIFACT_TOO_LARGE' };
    const passed = await build(queen, folder.path, { artifacts: ['a'], phases: { test: ['touch a'] } });
    expect(passed.error).toEqual({ code: 'artifacts-missing', message: '1 artifacts are not at the queen: a' });
    const failed = await build(queen, folder.path, { artifacts: ['a'], phases: { test: ['touch a; exit 1'] } });
    expect(failed.error).toBeUndefined();
  });

  test('of a cancelled attempt are taken within its grace', async () => {
    await using folder = await aFolder();
    await using queen = await new FileQueen().start();
    const running = new Running(withTicket({ artifacts: ['log'], phases: { test: ['echo half > log; echo up; sleep 60'] } }), folder.path, {
      queen: queen.url,
    });
    await until(() => running.output('stdout').includes('up'));
    running.cancel();
    await running.done;
    expect(queen.stored).toEqual(['log']);
    expect(running.error).toMatchObject({ code: 'cancelled' });
  });

  test('that nothing is named by is said and fails nothing', async () => {
    await using folder = await aFolder();
    await using queen = await new FileQueen().start();
    const attempt = await build(queen, folder.path, { artifacts: ['dist/*.deb'], phases: { test: ['true'] } });
    expect(attempt.output('stderr')).toBe('nothing in the workspace is named by dist/*.deb\n');
    expect(attempt.error).toBeUndefined();
  });
});
