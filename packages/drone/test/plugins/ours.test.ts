import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Job } from '@skep/protocol';
import { isRunning } from '../executor/helpers.js';
import { until } from '../helpers/waiting.js';
import { PluginHive } from './PluginHive.js';

describe('plugins of ours', () => {
  test('run in the order given, each phase over all of them before the next, and then the commands of the job', async () => {
    using hive = new PluginHive();
    const plugin = `{ prepare: ['true'], test: async ({ run }) => { await run('echo t'); } }`;
    const { done } = hive.run({ zebra: plugin, ant: plugin }, { phases: { test: ['echo own'] } });
    expect((await done).story).toEqual([
      'started',
      'phase environment',
      'phase prepare',
      'cmd:start 0 true',
      'cmd:done 0 0',
      'cmd:start 1 true',
      'cmd:done 1 0',
      'phase test',
      'cmd:start 2 echo t',
      'cmd:done 2 0',
      'cmd:start 3 echo t',
      'cmd:done 3 0',
      'cmd:start 4 echo own',
      'cmd:done 4 0',
      'tested 0',
      'phase cleanup',
      'done',
    ]);
  });

  test('contribute variables and folders of PATH to those after them, and the job has the last word', async () => {
    using hive = new PluginHive();
    const running = hive.run(
      {
        a: `{ prepare: ({ contribute }) => contribute({ env: { WHO: 'a', JOB: 'a' }, path: ['/a/bin'] }) }`,
        b: `{ prepare: ({ contribute, env }) => contribute({ env: { WHO: env.WHO + 'b' }, path: ['/b/bin'] }) }`,
      },
      { env: { JOB: 'own' }, phases: { test: ['echo "$WHO $JOB $PATH"'] } },
    );
    await running.done;
    expect(running.output('stdout')).toMatch(/^ab own \/a\/bin:\/b\/bin:\//);
  });

  test('end their phase with the exit code of a command that fails, and those after them still clean up', async () => {
    using hive = new PluginHive();
    const running = hive.run({
      fails: `{ test: async ({ run }) => { await run('exit 3'); }, cleanup: 'exit 9' }`,
      after: `{ test: 'echo never', cleanup: 'echo bye' }`,
    });
    expect((await running.done).story.slice(3)).toEqual([
      'phase test',
      'cmd:start 0 exit 3',
      'cmd:done 0 3',
      'tested 3',
      'phase cleanup',
      'cmd:start 1 exit 9',
      'cmd:done 1 9',
      'cmd:start 2 echo bye',
      'cmd:done 2 0',
      'done',
    ]);
  });

  test('get the output and the exit code of what they run, and comment and say what they will, secrets masked', async () => {
    using hive = new PluginHive();
    const running = hive.run(
      {
        talks: `{ test: async ({ run, comment, say, job }) => {
          const ran = await run('echo out; echo err >&2');
          const failed = await run('exit 4').catch((error) => error);
          comment(\`\${ran.stdout.trim()} \${ran.stderr.trim()} \${failed.exitCode}\`);
          say('coverage', { percent: 93, of: job.secrets.TOKEN });
          console.log('it is', job.secrets.TOKEN);
        } }`,
      },
      { secrets: { TOKEN: 'hushhush' } },
    );
    await running.done;
    expect(running.said('job:plugin')).toEqual([
      ['talks', 'comment', 'out err 4'],
      ['talks', 'coverage', { percent: 93, of: '●●●' }],
    ]);
    const general = Buffer.concat(running.said('job:stdout').map(([bytes]) => bytes as Buffer)).toString();
    expect(general).toBe('[talks] out err 4\nit is ●●●\n');
  });

  test('get the sources in place of the drone', async () => {
    using hive = new PluginHive();
    const running = hive.run(
      { source: `{ fetch: async ({ run }) => { await run('echo one > file'); return { commit: 'abc' }; } }` },
      { phases: { test: ['cat file; echo $SKEP_COMMIT'] } },
    );
    await running.done;
    expect(running.output('stdout')).toBe('one\nabc\n');
    const failing = hive.run({ source: `{ fetch: ({ run }) => run('exit 5') }` }, { phases: { test: ['true'] } });
    expect((await failing.done).error).toEqual({
      code: 'checkout-failed',
      message: 'plugin source: its commands ended with exit code 5',
    });
  });

  test('are warned of where nothing ran', async () => {
    using hive = new PluginHive();
    const running = hive.run({ idle: `{ prepare: 'true', test: () => false }` });
    await running.done;
    expect(running.said('job:stderr').map(([bytes]) => String(bytes))).toEqual(['[skep] nothing ran in phase test\n']);
  });

  test.each<[string, string, Job, { code: string; message: RegExp }]>([
    [
      'a configuration that their schema refuses',
      `{ config: { safeParseAsync: async () => ({ success: false, error: { issues: [{ path: ['port'], message: 'must be a number' }] } }) }, test: 'true' }`,
      {},
      { code: 'plugin-config', message: /^plugin bad: port: must be a number$/ },
    ],
    ['a throw', `{ test: () => { throw new Error('oh no'); } }`, {}, { code: 'plugin-failed', message: /^plugin bad: oh no$/ }],
    [
      'a throw that nobody catches',
      `{ test: () => new Promise(() => setTimeout(() => { throw new Error('later'); }, 1)) }`,
      {},
      { code: 'plugin-failed', message: /^plugin bad: later$/ },
    ],
    [
      'a rejection that nobody catches',
      `{ prepare: () => { Promise.reject(new Error('unheard')); }, test: 'true' }`,
      {},
      { code: 'plugin-failed', message: /^plugin bad: unheard$/ },
    ],
    [
      'the end of its process',
      `{ test: () => process.exit(7) }`,
      {},
      { code: 'plugin-failed', message: /^plugin bad: its process ended with exit code 7$/ },
    ],
    [
      'no answer',
      `{ test: () => new Promise(() => setInterval(() => {}, 1000)) }`,
      {},
      { code: 'plugin-timeout', message: /^plugin bad: test gave no answer within 0.5 s$/ },
    ],
    [
      'a loop without an end',
      `{ test: () => { for (;;); } }`,
      {},
      { code: 'plugin-timeout', message: /^plugin bad: test gave no answer within 0.5 s$/ },
    ],
    [
      'a timer that is left',
      `{ test: () => { setInterval(() => {}, 1000); } }`,
      {},
      { code: 'plugin-left-open', message: /^plugin bad: left open: a timer$/ },
    ],
    [
      'a server that is left',
      `{ test: async () => { const { createServer } = await import('node:net'); await new Promise((done) => createServer().listen(0, done)); } }`,
      {},
      { code: 'plugin-left-open', message: /^plugin bad: left open: a server$/ },
    ],
  ])('end an attempt as errored, by name: %s', async (_, source, job, error) => {
    using hive = new PluginHive();
    const running = hive.run(
      { good: `{ test: 'true' }`, bad: source },
      { phases: { cleanup: ['echo bye'] }, ...job },
      { pluginTimeoutMs: 500 },
    );
    const { story } = await running.done;
    expect(running.error).toEqual({ code: error.code, message: expect.stringMatching(error.message) });
    expect(story.slice(-2)).toEqual([`errored ${error.code}`, 'done']);
    expect(running.output('stdout')).toContain('bye\n');
  });

  test('are ended with a cancel, clean up, and leave nothing behind', async () => {
    using hive = new PluginHive();
    const running = hive.run({
      long: `{
        test: async ({ run, signal, comment }) => { signal.addEventListener('abort', () => comment('heard')); await run('echo $$ up; sleep 60'); },
        cleanup: 'echo bye',
      }`,
    });
    await until(() => running.output('stdout').includes('up'), 'the command');
    const pid = Number.parseInt(running.output('stdout'), 10);
    running.cancel();
    await running.done;
    expect(running.error?.code).toBe('cancelled');
    expect(running.output('stdout')).toMatch(/bye\n$/);
    expect(running.said('job:plugin')).toContainEqual(['long', 'comment', 'heard']);
    expect(isRunning(pid)).toBe(false);
  });

  test('that do not listen to a cancel are ended after the grace', async () => {
    using hive = new PluginHive();
    const running = hive.run(
      { deaf: `{ test: ({ comment }) => { comment('up'); return new Promise(() => setInterval(() => {}, 1000)); } }` },
      {},
      { graceMs: 100, pluginTimeoutMs: 60_000 },
    );
    await until(() => running.said('job:plugin').length > 0, 'the plugin');
    running.cancel();
    expect((await running.done).error?.code).toBe('cancelled');
  });
});

describe('plugins are found', () => {
  test('in files, folders, packages, and folders of packages', async () => {
    using hive = new PluginHive();
    const source = (name: string) => `export default { name: '${name}', test: 'true' };`;
    hive.file('one.mjs', source('one'));
    hive.file('many/two.mjs', source('two'));
    hive.file('many/notes.txt', 'no plugin');
    hive.file('node_modules/@bee/three/package.json', '{"name": "@bee/three", "skep": {"plugin": "./main.mjs"}, "exports": {}}');
    hive.file('node_modules/@bee/three/main.mjs', source('three'));
    hive.file('node_modules/lodash/package.json', '{"name": "lodash"}');
    const three = { name: 'three', kind: 'skep', file: join(hive.path, 'node_modules/@bee/three/main.mjs') };
    expect((await hive.list('one.mjs', './many', '@bee/three')).map(({ name }) => name)).toEqual(['one', 'two', 'three']);
    expect(await hive.list('node_modules')).toEqual([three]);
  });

  test.each<[string, Record<string, string>, string[], RegExp]>([
    ['nothing is there', {}, ['nowhere'], /^There is no plugin nowhere: no file, no folder, no package$/],
    ['a folder has none', { 'a/b.txt': '' }, ['a'], /^There is no plugin in a$/],
    ['a module throws', { 'a.mjs': 'throw new Error("broken")' }, ['a.mjs'], /a\.mjs cannot be loaded: broken$/],
    ['a module is no plugin', { 'a.mjs': 'export default { test: 1 }' }, ['a.mjs'], /no plugin: name: .*; test: /],
    [
      'two bear one name',
      { 'a.mjs': 'export default { name: "x" }', 'b.mjs': 'export default { name: "x" }' },
      ['a.mjs', 'b.mjs'],
      /^Two plugins are called x: .*a\.mjs and .*b\.mjs$/,
    ],
    ['a module ends its process', { 'a.mjs': 'console.error("bye"); process.exit(1)' }, ['a.mjs'], /could not be loaded.*bye$/],
  ])('or it is said why not: %s', async (_, files, places, message) => {
    using hive = new PluginHive();
    for (const [name, source] of Object.entries(files)) hive.file(name, source);
    await expect(hive.list(...places)).rejects.toMatchObject({ code: 'INVALID_CONFIG', message: expect.stringMatching(message) });
  });
});
