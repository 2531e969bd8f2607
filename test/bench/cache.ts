import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job } from '@skep/protocol';
import { assemble } from './lib/assemble.js';
import { median } from './lib/compare.js';
import { Party } from './lib/Party.js';
import { goals, type Question } from './lib/Row.js';
import { startSkep } from './lib/startSkep.js';
import type { DroneSkills } from './parties/drone.js';

/** Each fetches from the npm registry once. */
const TURNS = 3;

/** A small project: a server in TypeScript, with a linter. */
const project = {
  'package.json': JSON.stringify({
    name: 'shop',
    private: true,
    type: 'module',
    scripts: { build: 'tsc -p . && eslint src' },
    dependencies: { express: '5.1.0', zod: '4.1.5' },
    devDependencies: {
      '@eslint/js': '9.35.0',
      '@types/express': '5.0.3',
      eslint: '9.35.0',
      typescript: '5.9.2',
      'typescript-eslint': '8.43.0',
    },
  }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: { strict: true, module: 'nodenext', outDir: 'dist', skipLibCheck: true },
    include: ['src'],
  }),
  'eslint.config.js': `import eslint from '@eslint/js';\nimport tseslint from 'typescript-eslint';\nexport default tseslint.config(eslint.configs.recommended, tseslint.configs.recommended);\n`,
  'src/main.ts': `import express from 'express';\nimport { z } from 'zod';\nexport const Item = z.object({ name: z.string() });\nexport const app = express().get('/', (_, response) => void response.json(Item.parse({ name: 'tea' })));\n`,
};

/** A build of a project of npm with nothing at hand, beside the same with the cache that the first left behind. */
export const cache: Question = {
  name: 'cache',
  question: 'a build of an npm project',
  run: async () => {
    await using parties = await assemble(async (keep) => ({
      skep: keep(await startSkep({ capacity: 1, tasks: false, name: 'first' })),
      second: keep(new Party<DroneSkills>('drone')),
    }));
    const { skep, second } = parties;
    await second.ask('start', { queen: skep.url, dataDir: join(skep.folder, 'second'), capacity: 1, tasks: false, name: 'second' });
    const folder = join(skep.folder, 'project');
    for (const [path, text] of Object.entries(project)) {
      await mkdir(join(folder, path, '..'), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const build = async (key: string, drone: string): Promise<number> => {
      const { outcome, started, finished, cmds } = await skep.caller.ask('build', building(folder, key, drone));
      if (outcome !== 'passed') throw new Error(`The build ended ${outcome}: ${cmds.map(({ out, err }) => out + err).join('')}`);
      return ((finished ?? 0) - (started ?? 0)) / 1000;
    };
    const figures = { cold: [] as number[], elsewhere: [] as number[], here: [] as number[] };
    for (let turn = 1; turn <= TURNS; turn++) {
      const key = `npm-${turn}`;
      figures.cold.push(await build(key, 'first'));
      figures.elsewhere.push(await build(key, 'second'));
      figures.here.push(await build(key, 'first'));
      const words = Object.entries(figures).map(([figure, values]) => `${figure} ${values.at(-1)?.toPrecision(3)} s`);
      process.stderr.write(`  run ${turn}  ${words.join(', ')}\n`);
    }
    const yardstick = { name: 'cold', value: median(figures.cold) };
    return [
      { figure: 'warm, on another drone', unit: 's', skep: median(figures.elsewhere), yardstick, goal: goals.lessThanYardstick },
      { figure: 'warm, on the same drone', unit: 's', skep: median(figures.here), yardstick, goal: goals.lessThanYardstick },
    ];
  },
};

/** npm has no cache of its own, as on a machine that never built this. */
const building = (folder: string, key: string, drone: string): Job => ({
  project: 'shop',
  concurrency: false,
  requires: { labels: { drone } },
  cache: [{ key, paths: ['node_modules'] }],
  phases: {
    prepare: [`cp -R ${folder}/. .`, '[ -d node_modules ] || npm install --no-audit --no-fund --loglevel=error --cache "$TMPDIR/npm"'],
    test: ['npm run build'],
  },
  timeout: { job: 600 },
});
