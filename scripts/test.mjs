/**
 * `npm test`: installs, builds, and runs every check: types, lint and format, imports, unused code, then the tests. What
 * follows `--` goes to jest. The last line is `N passed, N failed`; each check before the tests counts as one.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { root, run, say, tell, tool } from './lib/run.mjs';

const checks = [
  ['types', tool('tsc'), ['-p', 'tsconfig.test.json']],
  ['lint and format', tool('biome'), ['check', '--error-on-warnings', '.']],
  ['imports', tool('depcruise'), ['packages', 'apps']],
  ['unused code', tool('knip'), []],
];

/** Runs a check and says how it went, with its own words only where it failed. */
async function passes([name, program, args]) {
  const { code, output } = await run(program, args, { quiet: true });
  if (code !== 0) process.stderr.write(output);
  say(`${name}: ${code === 0 ? 'ok' : 'FAILED'}`);
  return code === 0;
}

/** Runs the tests; a file of tests that cannot be run counts as one that failed. */
async function tests(args) {
  const folder = mkdtempSync(join(tmpdir(), 'skep-test-'));
  const result = join(folder, 'result.json');
  try {
    const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', join(root, 'node_modules/jest/bin/jest.js')];
    const { code } = await run(process.execPath, [...jest, '--json', `--outputFile=${result}`, ...args]);
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(result, 'utf8'));
    if (numPendingTests > 0) say(`${numPendingTests} skipped; each says why above`);
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    return { passed: numPassedTests, failed: code === 0 ? failed : Math.max(1, failed) };
  } catch (error) {
    say(`the tests did not run to their end: ${error.message}`);
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns how many checks and tests passed, and how many did not */
async function everything() {
  try {
    await install();
    await build();
  } catch (error) {
    tell(error);
    return { passed: 0, failed: 1 };
  }
  say('checking types, lint, format, imports and unused code ...');
  const results = await Promise.all(checks.map(passes));
  say('running the tests ...');
  const { passed, failed } = await tests(process.argv.slice(2));
  const ok = results.filter(Boolean).length;
  return { passed: passed + ok, failed: failed + results.length - ok };
}

const { passed, failed } = await everything();
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
