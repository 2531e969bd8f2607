/**
 * `npm run soak -- --minutes N [--seed S]`: installs, builds, and lets real queens and drones fail in every way for so long, with
 * a new seed for each round. Prints one table. `--plans 1 --seed S` does one seed again; `--quick` as `npm test` does it.
 */
import { build } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { Failure, main, run, tool } from './lib/run.mjs';

await main(async () => {
  await install();
  await build();
  const built = await run(tool('tsc'), ['-p', 'test/faults/real']);
  if (built.code !== 0) throw new Failure('the soak could not be built.');
  const { code } = await run(process.execPath, ['test/build/soak/faults/real/main.js', ...process.argv.slice(2)]);
  process.exitCode = code;
});
