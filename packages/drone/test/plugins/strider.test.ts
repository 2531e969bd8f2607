import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Running } from '../executor/helpers.js';
import { aRepo } from '../workspace/gitServer.js';
import { PluginHive } from './PluginHive.js';

const inTests = createRequire(new URL('../../../../test/package.json', import.meta.url));
const folderOf = (name: string): string => dirname(inTests.resolve(`${name}/package.json`));
const dataOf = (running: Running): unknown[] =>
  running.said('job:plugin').flatMap(([, what, of]) => (what === 'data' ? [(of as { data: unknown }).data] : []));

describe("a plugin of Strider's", () => {
  test('is initialized by the number of its parameters', async () => {
    using hive = new PluginHive();
    const running = hive.runStrider(
      {
        one: `{ init: (cb) => cb(null, { env: { ONE: 'x' } }) }`,
        two: `{ init: (config, cb) => cb(null, { env: { TWO: config.v } }) }`,
        three: `{ init: (config, context, cb) => cb(null, { env: { THREE: Object.keys(context).join() } }) }`,
        four: `{ init: (config, job, context, cb) => cb(null, { env: { FOUR: job.ref.branch + ' ' + job.type } }) }`,
        five: `{ init: (user, config, job, context, cb) => cb(null, { env: { FIVE: String(user) + config.v }, test: 'printenv ONE TWO THREE FOUR FIVE' }) }`,
        none: `function () { arguments[4](null) }`,
      },
      { ref: { branch: 'main' }, config: { two: { v: 2 }, five: { v: 5 } } },
    );
    await running.done;
    expect(running.output('stdout').split('\n')).toEqual(['x', '2', 'baseDir,dataDir,cacheDir', 'main TEST_ONLY', 'undefined5', '']);
  });

  test.each<[string, string, { code: string; message: string }]>([
    ['does not answer', '{ init: (cb) => {} }', { code: 'plugin-timeout', message: 'plugin p: init gave no answer within 2 s' }],
    ['says an error', '{ init: (cb) => cb(new Error("no")) }', { code: 'plugin-failed', message: 'plugin p: no' }],
    ['throws', '{ init: (cb) => { throw new Error("oh") } }', { code: 'plugin-failed', message: 'plugin p: oh' }],
    ['is not there', '{}', { code: 'plugin-failed', message: 'plugin p: its worker has no init' }],
  ])('whose init %s ends the attempt', async (_, worker, error) => {
    using hive = new PluginHive();
    const running = hive.runStrider({ p: worker }, { phases: { test: ['true'] } });
    expect((await running.done).error).toEqual(error);
    expect(running.said('job:cmd:start')).toEqual([]);
  });

  test.each<[string, string, number, string]>([
    ['a line', `'echo one "two three" $WHO'`, 0, 'one two three bee\n'],
    ['a command', `{ command: 'echo', args: ['$WHO', '&&'] }`, 0, '$WHO &&\n'],
    ['a command with its folder and variables', `{ cmd: 'echo $MORE', cwd: '/tmp', env: { MORE: 'honey' } }`, 0, 'honey\n'],
    ['several', `['echo a', { command: 'echo b' }]`, 0, 'a\nb\n'],
    ['several of which one fails', `['sh -c "exit 4"', 'echo never']`, 4, ''],
    ['a program that is not there', `'no-such-program'`, 127, ''],
    ['a line for a shell', `'true && echo never'`, 127, ''],
    [
      'a function',
      `(context, done) => context.cmd('sh -c "echo out; echo err >&2; exit 5"', (code, out, err) => done(code, true))`,
      5,
      'out\n',
    ],
    ['a function with an error that has a code', `(context, done) => done(Object.assign(new Error('x'), { exitCode: 6 }))`, 6, ''],
    ['a function with an error of type exitCode', `(context, done) => done({ type: 'exitCode', code: 7 })`, 7, ''],
    ['a command that a signal ends', `{ command: 'sh', args: ['-c', 'kill -9 $$'] }`, 137, ''],
  ])('gives a phase as %s', async (_, phase, code, output) => {
    using hive = new PluginHive();
    const running = hive.runStrider({ p: `{ init: (cb) => cb(null, { env: { WHO: 'bee' }, test: ${phase} }) }` });
    await running.done;
    expect(running.error).toBeUndefined();
    expect(running.said('job:tested')).toEqual([[code, 1000]]);
    expect(running.output('stdout')).toBe(output);
  });

  test('that says it did not run is warned of, and an error without a code is one', async () => {
    using hive = new PluginHive();
    const idle = hive.runStrider({ p: `{ init: (cb) => cb(null, { test: (context, done) => done(null, false) }) }` });
    await idle.done;
    expect(idle.said('job:stderr').map(([text]) => String(text))).toEqual(['[skep] nothing ran in phase test\n']);
    const wrong = hive.runStrider({ p: `{ init: (cb) => cb(null, { test: (context, done) => done(new Error('wrong')) }) }` });
    expect((await wrong.done).error).toEqual({ code: 'plugin-failed', message: 'plugin p: wrong' });
  });

  test('contributes variables and PATH, also by phase, to all that run then', async () => {
    using hive = new PluginHive();
    const running = hive.runStrider(
      {
        early: `{ init: (cb) => cb(null, { path: '/early', test: { command: 'sh', args: ['-c', 'echo $LATE $PHASE $PATH $PAAS_NAME'] } }) }`,
        late: `{ init: (cb) => cb(null, { env: { LATE: 1, NONE: null }, path: ['/late/a', '/late/b'] }) }`,
        by: `{ init: (cb) => cb(null, { env: (phase) => ({ PHASE: phase }) }) }`,
      },
      { phases: { test: ['echo $PHASE'] } },
    );
    await running.done;
    expect(running.output('stdout')).toMatch(/^1 prepare \/early:\/late\/a:\/late\/b:\S* strider\ntest\n$/);
  });

  test('has all of the context', async () => {
    using hive = new PluginHive();
    const running = hive.runStrider(
      {
        p: `{ init: (config, job, dirs, cb) => cb(null, {
          test: (context, done) => {
            const { dataDir, baseDir, cacheDir, plugin, phase, branch, job } = context;
            context.out('plain\\n');
            context.out('careful', 'warn');
            context.comment('a comment with hushhush');
            context.data({ a: 1 });
            context.data({ b: 2 }, 'extend');
            context.data('c', 'push', 'list.of');
            context.status('command.start', { command: 'by itself', plugin });
            context.status('stdout', 'from it\\n');
            context.status('command.done', { exitCode: 3 });
            context.status('warning', 'its own');
            context.io.emit('plugin.p.news', { read: true });
            context.cmd({ cmd: 'echo secret', silent: true }, (code, out) =>
              context.data({ dirs: [dataDir === dirs.dataDir, baseDir === dirs.baseDir, cacheDir === dirs.cacheDir], plugin, phase, branch, id: job._id, out }));
            setTimeout(() => done(null, true), 300);
          },
        }) }`,
      },
      { ref: { branch: 'main' }, secrets: { KEY: 'hushhush' } },
    );
    await running.done;
    expect(running.said('job:plugin')).toEqual([
      ['p', 'comment', 'a comment with ●●●'],
      ['p', 'data', { data: { a: 1 }, method: 'replace' }],
      ['p', 'data', { data: { b: 2 }, method: 'extend' }],
      ['p', 'data', { data: 'c', method: 'push', path: 'list.of' }],
      ['p', 'warning', 'its own'],
      ['p', 'news', { read: true }],
      [
        'p',
        'data',
        { data: { dirs: [true, true, true], plugin: 'p', phase: 'test', branch: 'main', id: 'job-1', out: 'secret\n' }, method: 'replace' },
      ],
    ]);
    expect(running.story.filter((line) => line.startsWith('cmd'))).toEqual([
      'cmd:start 0 by itself',
      'cmd:done 0 3',
      'cmd:start 1 echo secret',
      'cmd:done 1 0',
    ]);
    expect(running.output('stdout')).toBe('from it\n[output suppressed]\n');
    expect(
      running
        .said('job:stdout')
        .map(([text]) => String(text))
        .join(''),
    ).toBe('plain\n[p] a comment with ●●●\n');
    expect(
      running
        .said('job:stderr')
        .map(([text]) => String(text))
        .join(''),
    ).toBe('WARN careful\n');
  });

  test('hears by listen what the attempt does, in the words of Strider, and each thing once', async () => {
    using hive = new PluginHive();
    const running = hive.runStrider(
      {
        p: `{ init: (cb) => { const heard = []; cb(null, {
          listen: (io, context) => io.on('job.status.**', function (id, data) {
            const { phase, exitCode, command, comment, next } = Object(data);
            heard.push([this.event.slice(11), id, ...[phase, next, command, comment, exitCode].filter((x) => x !== undefined)].join(' '));
          }),
          prepare: (context, done) => { context.comment('hi'); context.cmd('echo out', (code) => done(code, true)); },
          cleanup: (context, done) => { setTimeout(() => { context.io.removeAllListeners(); context.data(heard); done(null, true); }, 50); },
        }); } }`,
      },
      { phases: { test: ['exit 3'] } },
    );
    await running.done;
    expect(dataOf(running)).toEqual([
      [
        'phase.done job-1 environment prepare 0',
        'command.comment job-1 hi',
        'command.start job-1 echo out',
        'stdout job-1',
        'command.done job-1 0',
        'phase.done job-1 prepare test 0',
        'command.start job-1 exit 3',
        'command.done job-1 3',
        'tested job-1 3',
        'phase.done job-1 test cleanup 3',
      ],
    ]);
  });

  test('keeps folders in a cache, of its project and under names that lead nowhere else', async () => {
    using hive = new PluginHive();
    const worker = `{ init: (cb) => cb(null, { test: (context, done) => {
      const fs = require('fs'), cache = context.cachier('modules'), dest = context.dataDir + '/kept';
      cache.get('../../../' + context.branch, dest, (missed) => {
        if (!missed) return context.data(fs.readFileSync(dest + '/file', 'utf8')), done(null, true);
        fs.mkdirSync(dest);
        fs.writeFileSync(dest + '/file', 'honey');
        cache.update('../../../' + context.branch, dest, (error) => { context.data(missed.message.slice(0, 21)); done(error, true); });
      });
    } }) }`;
    const job = (project: string) => ({ project, ref: { branch: 'main' } });
    const seen: unknown[] = [];
    for (const project of ['a', 'a', 'b']) seen.push(...dataOf(await hive.runStrider({ p: worker }, job(project)).done));
    expect(seen).toEqual(['Source does not exist', 'honey', 'Source does not exist']);
    expect(existsSync(join(hive.path, 'cache/a/p/modules/entries'))).toBe(true);
  });
});

describe("a provider of Strider's", () => {
  test.each([
    [
      'one that is initialized',
      `{ init: (dirs, config, job, done) => done(null, { fetch: (context, cb) => context.cmd(\`sh -c "echo \${config.url} \${config.auth.type} > file"\`, cb) }) }`,
    ],
    [
      'one that is a function',
      `function fetch(dest, config, job, context, done) { require('fs').writeFile(dest + '/file', config.url + ' ' + config.auth.type + '\\n', done); }`,
    ],
  ])('gets the sources: %s', async (_, worker) => {
    using hive = new PluginHive();
    const repo = { url: 'https://hive.example/bees' };
    const running = await hive.runStrider({ p: worker }, { repo, phases: { test: ['cat file'] } }).done;
    expect(running.error).toBeUndefined();
    expect(running.output('stdout')).toBe('https://hive.example/bees https\n');
  });
});

describe("Strider's own", () => {
  test('git takes a key, which is gone with the attempt and never told', async () => {
    using hive = new PluginHive();
    aRepo(hive.path, 'bees');
    // Whoever the address names, the other end is this machine.
    hive.file('bin/ssh', `#!/bin/sh\ncp "$2" ${hive.path}/key\necho "$2" > ${hive.path}/where\nfor last; do :; done\nexec sh -c "$last"\n`);
    chmodSync(join(hive.path, 'bin/ssh'), 0o755);
    const { PATH } = process.env;
    process.env.PATH = `${hive.path}/bin:${PATH}`;
    try {
      const key = 'the-key-of-the-hive\n';
      const job = { repo: { url: `bee@localhost:${hive.path}/bees`, auth: { type: 'ssh' as const, key } }, ref: { branch: 'main' } };
      const plugins = await hive.list(folderOf('strider-git'));
      const running = new Running({ ...job, plugins: ['git'], phases: { test: ['cat file.txt'] } }, hive.path, { plugins });
      await running.done;
      expect(running.error).toBeUndefined();
      expect(running.story).toContain(`cmd:start 0 git clone --recursive bee@localhost:${hive.path}/bees . --branch main`);
      expect(running.output('stdout')).toContain('one');
      expect(readFileSync(join(hive.path, 'key'), 'utf8')).toBe(key);
      const where = readFileSync(join(hive.path, 'where'), 'utf8').trim();
      expect(where.startsWith(join(hive.path, 'work'))).toBe(true);
      expect(existsSync(where)).toBe(false);
    } finally {
      process.env.PATH = PATH;
    }
  });

  test.each([
    ['python', 'virtualenv', 'pip install -r requirements.txt', 'requirements.txt'],
    ['ruby', undefined, 'bundle install', 'Gemfile'],
  ])('%s runs what it would there', async (name, environment, install, file) => {
    using hive = new PluginHive();
    for (const tool of ['virtualenv', 'pip', 'bundle']) chmodSync(hive.file(`bin/${tool}`, `#!/bin/sh\necho ${tool} "$@"\n`), 0o755);
    const { PATH } = process.env;
    process.env.PATH = `${hive.path}/bin:${PATH}`;
    try {
      const source = hive.file('source.mjs', `export default { name: 'source', fetch: ({ run }) => run('touch ${file}') };`);
      const plugins = await hive.list(folderOf(`strider-${name}`), source);
      const job = { plugins: ['source', name], config: { [name]: { test: 'echo tested' } } };
      const running = await new Running(job, hive.path, { plugins }).done;
      expect(running.error).toBeUndefined();
      const commands = running.said('job:cmd:start').map(([, command]) => String(command));
      const folder = join(hive.path, 'work/job-1.1');
      expect(commands).toEqual([...(environment ? [`${environment} ${folder}/.venv`] : []), `touch ${file}`, install, 'echo tested']);
      expect(running.output('stdout')).toMatch(/tested\n$/);
    } finally {
      process.env.PATH = PATH;
    }
  });
});
