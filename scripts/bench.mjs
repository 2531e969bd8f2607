/** `npm run bench`: installs, builds, and answers every question in test/bench. What follows `--` names the questions. */
import { build } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { Failure, main, run, say, tool } from './lib/run.mjs';

await main(async () => {
  await install();
  await build();
  say('measuring (some minutes) ...');
  const built = await run(tool('tsc'), ['-p', 'test/bench']);
  if (built.code !== 0) throw new Failure('the benchmarks could not be built.');
  const { code } = await run(process.execPath, ['test/build/bench/main.js', ...process.argv.slice(2)]);
  process.exitCode = code;
});
