/** `npm run docs`: makes docs/protocol.md, docs/errors.md, docs/limits.md and docs/http.md from schemas and routes. */
import { install } from './lib/install.mjs';
import { Failure, main, run, say, tool } from './lib/run.mjs';

await main(async () => {
  await install();
  for (const [program, ...args] of [
    [tool('tsc'), '-b', 'packages/queen'],
    [process.execPath, 'packages/protocol/scripts/docs.mjs'],
    [process.execPath, 'packages/queen/scripts/docs.mjs'],
  ]) {
    const { code } = await run(program, args);
    if (code !== 0) throw new Failure(`the docs could not be made (exit code ${code}).`);
  }
  say('docs/protocol.md, docs/errors.md, docs/limits.md and docs/http.md are as schemas and routes say.');
});
