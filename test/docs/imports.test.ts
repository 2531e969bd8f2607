import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const root = resolve(import.meta.dirname, '../..');

const wrong: [rule: string, file: string, imports: string][] = [
  ['protocol-looks-down', 'packages/protocol/src/a.ts', '../../scheduler/src/index.js'],
  ['scheduler-looks-down', 'packages/scheduler/src/a.ts', '../../store/src/index.js'],
  ['store-looks-down', 'packages/store/src/a.ts', '../../queen/src/index.js'],
  ['client-looks-down', 'packages/client/src/a.ts', '../../drone/src/index.js'],
  ['queen-looks-down', 'packages/queen/src/a.ts', '../../../apps/cli/src/index.js'],
  ['pool-looks-down', 'packages/pool/src/a.ts', '../../drone/src/index.js'],
  ['drone-looks-down', 'packages/drone/src/a.ts', '../../client/src/index.js'],
  ['strider-runner-looks-down', 'packages/strider-runner/src/a.ts', '../../drone/src/index.js'],
  ['forerunner-looks-down', 'packages/forerunner/src/a.ts', '../../queen/src/index.js'],
  ['front-door', 'apps/cli/src/a.ts', '../../../packages/queen/src/ports.js'],
  ['protocol-needs-zod-only', 'packages/protocol/src/b.ts', 'node:fs'],
  ['scheduler-is-pure', 'packages/scheduler/src/b.ts', 'node:timers'],
  ['coordinator-touches-no-socket', 'packages/queen/src/coordinator/a.ts', '../gateway/gateway.js'],
  ['coordinator-touches-no-socket', 'packages/queen/src/coordinator/b.ts', 'socket.io'],
  ['gateway-never-decides', 'packages/queen/src/gateway/a.ts', '../coordinator/Coordinator.js'],
  ['one-door-to-the-queen', 'packages/drone/src/supervisor/forward.ts', 'socket.io-client'],
  ['a-supervisor-runs-no-job-code', 'packages/drone/src/supervisor/a.ts', '../executor/runAttempt.js'],
  ['an-executor-knows-no-supervisor', 'packages/drone/src/executor/a.ts', '../supervisor/Supervisor.js'],
  ['shipped-code-needs-no-tests', 'packages/queen/src/b.ts', '../test/helper.js'],
];

const right: [file: string, imports: string][] = [
  ['packages/store/src/ok.ts', '../../protocol/src/index.js'],
  ['packages/queen/src/gateway/ok.ts', '../ports.js'],
  ['packages/drone/src/ok.ts', '../../pool/src/index.js'],
  ['packages/drone/src/supervisor/QueenLink.ts', 'socket.io-client'],
  ['apps/cli/src/ok.ts', '../../../packages/queen/src/index.js'],
];

const targets = [
  ...['protocol', 'scheduler', 'store', 'client', 'queen', 'pool', 'drone'].map((name) => `packages/${name}/src/index.ts`),
  'apps/cli/src/index.ts',
  'packages/queen/src/ports.ts',
  'packages/queen/src/gateway/gateway.ts',
  'packages/queen/src/coordinator/Coordinator.ts',
  'packages/queen/test/helper.ts',
  'packages/drone/src/executor/runAttempt.ts',
  'packages/drone/src/supervisor/Supervisor.ts',
  'node_modules/socket.io/index.js',
  'node_modules/socket.io-client/index.js',
];

interface Violation {
  from: string;
  rule: { name: string };
}

describe('the check of import directions', () => {
  let folder: string;
  let violations: Violation[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skep-imports-'));
    const put = async (path: string, text: string) => {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    };
    for (const path of targets) await put(path, 'export const it = 1;\n');
    // Types alone count too: they tie packages together as much as values do.
    for (const [, path, imports] of wrong) await put(path, `import type { it } from '${imports}';\nexport type It = typeof it;\n`);
    for (const [path, imports] of right) await put(path, `import { it } from '${imports}';\nexport const that = it;\n`);
    const args = [join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'), 'packages', 'apps', '--output-type', 'json'];
    const { stdout } = await promisify(execFile)(process.execPath, [...args, '--config', join(root, '.dependency-cruiser.mjs')], {
      cwd: folder,
      maxBuffer: 2 ** 26,
    });
    violations = (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each(wrong)('%s: %s may not import %s', (rule, file) =>
    expect(violations.filter(({ from }) => from === file).map(({ rule: broken }) => broken.name)).toContain(rule),
  );

  test.each(right)('%s may import %s', (file) => expect(violations.filter(({ from }) => from === file)).toEqual([]));
});
