/** `npm run docs`: makes docs/protocol.md, docs/errors.md and docs/limits.md from the schemas. */
import { install } from './lib/install.mjs';
import { Failure, main, run, say, tool } from './lib/run.mjs';

await main(async () => {
  await install();
  for (const [program, ...args] of [
    [tool('tsc'), '-b', 'packages/protocol'],
    [process.execPath, 'packages/protocol/scripts/docs.mjs'],
  ]) {
    const { code } = await run(program, args);
    if (code !== 0) throw new Failure(`the docs could not be made (exit code ${code}).`);
  }
  say('docs/protocol.md, docs/errors.md and docs/limits.md are as the schemas say.');
});
