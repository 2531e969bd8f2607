import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { AttemptEvent, Job } from '@skep/protocol';
import { aFolder, isRunning, Running, runJob, until } from './helpers.js';

const phases = (given: Job['phases']): Job => ({ phases: given });

describe('what an attempt tells', () => {
  test.each<[string, Job, string[]]>([
    [
      'a passed test',
      phases({ test: ['true'] }),
      [
        'started',
        'phase environment',
        'phase prepare',
        'phase test',
        'cmd:start 0 true',
        'cmd:done 0 0',
        'tested 0',
        'phase cleanup',
        'done',
      ],
    ],
    [
      'a failing command ends its phase and all later ones but cleanup',
      { job_type: 'TEST&DEPLOY', ...phases({ test: ['exit 3', 'true'], deploy: ['true'], cleanup: ['exit 7'] }) },
      [
        'started',
        'phase environment',
        'phase prepare',
        'phase test',
        'cmd:start 0 exit 3',
        'cmd:done 0 3',
        'tested 3',
        'phase cleanup',
        'cmd:start 1 exit 7',
        'cmd:done 1 7',
        'done',
      ],
    ],
    [
      'after a failing prepare nothing is tested',
      phases({ prepare: ['exit 4'], test: ['true'] }),
      ['started', 'phase environment', 'phase prepare', 'cmd:start 0 exit 4', 'cmd:done 0 4', 'phase cleanup', 'done'],
    ],
    [
      'TEST&DEPLOY deploys what passed',
      { job_type: 'TEST&DEPLOY', ...phases({ test: ['true'], deploy: ['exit 5'] }) },
      [
        'started',
        'phase environment',
        'phase prepare',
        'phase test',
        'cmd:start 0 true',
        'cmd:done 0 0',
        'tested 0',
        'phase deploy',
        'cmd:start 1 exit 5',
        'cmd:done 1 5',
        'deployed 5',
        'phase cleanup',
        'done',
      ],
    ],
    ['a job without anything', {}, ['started', 'errored nothing-to-run', 'done']],
    ['a job with phases that are empty', phases({ test: [] }), ['started', 'errored nothing-to-run', 'done']],
    ['a task that no handler performs', { job_type: 'resize' }, ['started', 'errored nothing-to-run', 'done']],
    ['a job with a plugin', { plugins: ['node'], ...phases({ test: ['true'] }) }, ['started', 'errored unknown-plugin', 'done']],
  ])('%s', async (_, job, story) => {
    await using folder = await aFolder();
    expect((await runJob(job, folder.path)).story).toEqual(story);
    expect(readdirSync(folder.path).flatMap((name) => readdirSync(join(folder.path, name)))).toEqual([]);
  });

  test.each<[string, NonNullable<NonNullable<Job['phases']>['test']>[number], string, string, string]>([
    ['a missing program', { command: 'no-such-program', args: [] }, 'cmd:done 0 127', '', 'skep: no-such-program: command not found\n'],
    ['a signal', 'kill -9 $$', 'cmd:done 0 137 SIGKILL', '', ''],
    ['a program without a shell', { command: 'printf', args: ['%s|', 'a b', '$HOME'] }, 'cmd:done 0 0', 'a b|$HOME|', ''],
    ['a line without a shell', { command: 'pwd', shell: false }, 'cmd:done 0 0', 'code\n', ''],
    ['a shell of its own', { command: 'basename $0', shell: '/bin/bash' }, 'cmd:done 0 0', 'bash\n', ''],
    ['a line stops at its first failure', 'false\necho not reached', 'cmd:done 0 1', '', ''],
    ['variables of its own', { command: 'echo $A', env: { A: 'one' } }, 'cmd:done 0 0', 'one\n', ''],
    [
      'a folder outside',
      { command: 'true', cwd: '../..' },
      'cmd:done 0 126',
      '',
      'skep: the folder of the command lies outside the workspace\n',
    ],
    ['a folder that is gone', { command: 'true', cwd: 'gone' }, 'cmd:done 0 126', '', 'code/gone: no such folder\n'],
    ['no input', 'cat', 'cmd:done 0 0', '', ''],
    ['a file that is no program', { command: '/etc/passwd', args: [] }, 'cmd:done 0 126', '', 'skep: /etc/passwd: permission denied\n'],
  ])('of %s', async (_, command, done, out, err) => {
    await using folder = await aFolder();
    const attempt = await runJob(phases({ test: [command] }), folder.path);
    expect(attempt.story).toContain(done);
    expect(attempt.output('stdout').replace(/^.*\/code\n$/, 'code\n')).toBe(out);
    expect(attempt.output('stderr').replace(/^skep: \/.*\/code\//, 'code/')).toBe(err);
  });

  test('output comes while the command runs, and both streams in their order', async () => {
    await using folder = await aFolder();
    const attempt = new Running(
      phases({ test: ['echo one; sleep 0.1; echo two >&2; sleep 0.1; printf three; while [ ! -e go ]; do sleep 0.01; done'] }),
      folder.path,
    );
    await until(() => attempt.output('stdout') === 'one\nthree');
    expect(attempt.events.flatMap(({ name, args }) => (name.startsWith('job:cmd:std') ? [`${name.slice(11)} ${args[1]}`] : []))).toEqual([
      'out one\n',
      'err two\n',
      'out three',
    ]);
    attempt.cancel();
    await attempt.done;
  });
});

describe('the environment', () => {
  test('is clean, names the attempt, and job over phase, secrets over both', async () => {
    await using folder = await aFolder();
    process.env.SKEP_TOKEN = 'the drone alone';
    process.env.LET_THROUGH = 'yes';
    const job: Job = {
      id: 'a:b',
      project: 'hive',
      ref: { branch: 'main' },
      env: { B: 'job', C: 'job' },
      secrets: { C: 'secret-value' },
      phases: { environment: { env: { A: 'phase', B: 'phase' } }, test: ['env | sort; test -d "$TMPDIR"'] },
    };
    const attempt = await runJob(job, folder.path, { passEnv: ['LET_THROUGH', 'SKEP_TOKEN'] });
    const env = attempt.output('stdout').split('\n');
    expect(env).toEqual(
      expect.arrayContaining([
        'A=phase',
        'B=job',
        'C=●●●',
        'CI=true',
        'SKEP_JOB_ID=a:b',
        'SKEP_ATTEMPT=1',
        'SKEP_DRONE=bee',
        'SKEP_PROJECT=hive',
        'SKEP_BRANCH=main',
        'STRIDER_BRANCH=main',
        'LET_THROUGH=yes',
      ]),
    );
    expect(env.filter((line) => /SKEP_TOKEN|NODE_OPTIONS|JEST/.test(line))).toEqual([]);
    expect(attempt.said('job:tested')[0]?.[0]).toBe(0);
  });

  test('secrets show neither in output nor in commands', async () => {
    await using folder = await aFolder();
    const attempt = await runJob(
      { secrets: { KEY: 'hunter2' }, phases: { test: ['echo hunter2; printf hun; sleep 0.1; printf ter2'] } },
      folder.path,
    );
    expect(attempt.output('stdout')).toBe('●●●\n●●●');
    expect(attempt.said('job:cmd:start')).toEqual([[0, 'echo ●●●; printf hun; sleep 0.1; printf ter2']]);
  });
});

describe('ends before the end', () => {
  test('a cancel kills the tree, then cleanup runs', async () => {
    await using folder = await aFolder();
    const attempt = new Running(phases({ test: ['echo up; sleep 60'], cleanup: ['echo clean'] }), folder.path);
    await until(() => attempt.output('stdout') === 'up\n');
    attempt.cancel();
    await attempt.done;
    expect(attempt.story.slice(-6)).toEqual([
      'cmd:done 0 143 SIGTERM',
      'phase cleanup',
      'cmd:start 1 echo clean',
      'cmd:done 1 0',
      'errored cancelled',
      'done',
    ]);
    expect(attempt.error).toEqual({ code: 'cancelled', message: 'changed my mind' });
    expect(attempt.said('job:tested')).toEqual([]);
  });

  test.each<[string, Job, string]>([
    ['a job that takes too long', { timeout: { job: 0.2 }, phases: { test: ['sleep 60'] } }, 'no end after 0.2 s'],
    ['a job that is silent', { timeout: { silence: 0.3 }, phases: { test: ['echo a; sleep 0.2; echo b; sleep 60'] } }, 'silent for 0.3 s'],
    ['a command that takes too long', { phases: { test: [{ command: 'sleep 60', timeout: 0.2 }] } }, 'command 0: no end after 0.2 s'],
  ])('%s is timed out', async (_, job, message) => {
    await using folder = await aFolder();
    const attempt = await runJob(job, folder.path);
    expect(attempt.error).toEqual({ code: 'timed-out', message });
    expect(attempt.story.at(-1)).toBe('done');
  });

  test('a cleanup that does not end is cut off after twice the grace', async () => {
    await using folder = await aFolder();
    const attempt = new Running(phases({ test: ['echo up; sleep 60'], cleanup: ['sleep 60'] }), folder.path, { graceMs: 100 });
    await until(() => attempt.output('stdout') === 'up\n');
    attempt.cancel();
    await attempt.done;
    expect(attempt.story.slice(-3)).toEqual(['cmd:done 1 143 SIGTERM', 'errored cancelled', 'done']);
  });

  test('a full disk ends the attempt, and that is told as soon as there is room', async () => {
    await using folder = await aFolder();
    let isFull = false;
    let tries = 0;
    const emit = ({ name }: AttemptEvent): void => {
      isFull ||= name === 'job:cmd:stdout';
      if (isFull && (name !== 'job:errored' || ++tries === 1) && name !== 'job:done')
        throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    };
    const attempt = await runJob(phases({ test: ['echo one; sleep 60'] }), folder.path, { emit });
    expect(attempt.story.slice(-3)).toEqual(['cmd:start 0 echo one; sleep 60', 'errored disk-full', 'done']);
  });

  test('a spool that fails for another reason ends the attempt too', async () => {
    await using folder = await aFolder();
    const emit = ({ name }: AttemptEvent): void => {
      if (name === 'job:cmd:stdout') throw new Error('bad file descriptor');
    };
    const attempt = await runJob(phases({ test: ['echo one; sleep 60'] }), folder.path, { emit });
    expect(attempt.error).toEqual({ code: 'drone-failed', message: 'bad file descriptor' });
  });

  test('an attempt that was cancelled before it began runs nothing', async () => {
    await using folder = await aFolder();
    const attempt = new Running(phases({ test: ['true'] }), folder.path);
    attempt.cancel();
    await attempt.done;
    expect(attempt.said('job:cmd:start')).toEqual([]);
    expect(attempt.error?.code).toBe('cancelled');
  });
});

describe('what a command leaves behind', () => {
  const pidsIn = (path: string): number[] => (existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean).map(Number) : []);

  test.each([
    ['ignores SIGTERM', `trap '' TERM; echo $$ >> PIDS; while :; do sleep 0.05; done`],
    ['was forked twice', `( (echo $$; sh -c 'echo $$ >> PIDS; exec sleep 60' >/dev/null 2>&1 &) &) ; sleep 60`],
    ['has a session of its own', `setsid sh -c 'echo $$ >> PIDS; exec sleep 60' >/dev/null 2>&1 & sleep 60`],
    [
      'has a session of its own and ignores SIGTERM',
      `setsid sh -c 'trap "" TERM; echo $$ >> PIDS; while :; do sleep 0.05; done' >/dev/null 2>&1 & sleep 60`,
    ],
  ])('a process that %s is gone after a cancel', async (_, line) => {
    await using folder = await aFolder();
    const pids = join(folder.path, 'pids');
    const attempt = new Running(phases({ test: [line.replaceAll('PIDS', pids)] }), folder.path, { graceMs: 300 });
    await until(() => pidsIn(pids).length > 0);
    attempt.cancel();
    await attempt.done;
    expect(pidsIn(pids).filter(isRunning)).toEqual([]);
  });

  test('a process that a passed attempt left is gone at its end, and until then it runs', async () => {
    await using folder = await aFolder();
    const pids = join(folder.path, 'pids');
    const attempt = await runJob(
      phases({
        prepare: [`setsid sh -c 'echo $$ >> ${pids}; exec sleep 60' >/dev/null 2>&1 &`],
        test: [`while [ ! -s ${pids} ]; do sleep 0.01; done; kill -0 $(cat ${pids})`],
      }),
      folder.path,
    );
    expect(attempt.said('job:tested')[0]?.[0]).toBe(0);
    expect(pidsIn(pids)).toHaveLength(1);
    expect(pidsIn(pids).filter(isRunning)).toEqual([]);
  });

  test('a background process that holds the outputs does not hold up the end', async () => {
    await using folder = await aFolder();
    const attempt = await runJob(phases({ test: ['sleep 60 & echo ready'] }), folder.path);
    expect(attempt.story).toContain('cmd:done 0 0');
    expect(attempt.output('stdout')).toBe('ready\n');
  });
});

test('100,000 lines come out byte for byte', async () => {
  await using folder = await aFolder();
  const attempt = await runJob(phases({ test: ['seq 1 100000'] }), folder.path);
  expect(attempt.output('stdout')).toBe(Array.from({ length: 100_000 }, (_, at) => `${at + 1}\n`).join(''));
});
