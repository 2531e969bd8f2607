/** `npm run build`: installs what is needed and builds all that has changed. */
import { build, skep } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { main, say } from './lib/run.mjs';

await main(async () => {
  await install();
  await build();
  say(`built: node ${skep}`);
});
