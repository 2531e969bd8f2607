import { HOST_ARGUMENT } from '../plugins/hostArgument.js';

/**
 * The entry of an executor process: `node main.js <data folder> <executor id>`. It is started in a session of its own
 * and outlives the supervisor that started it. As `node main.js plugin-host` it is the process of an attempt's plugins.
 */
const [, , dataDir, id] = process.argv;
// Each loads only what it needs: an attempt waits for the process of its plugins.
if (dataDir === HOST_ARGUMENT) (await import('../plugins/host/main.js')).serveAsHost();
else if (dataDir !== undefined && id !== undefined) (await import('./serveAsExecutor.js')).serveAsExecutor(dataDir, id);
else {
  console.error('usage: main.js <data folder> <executor id>');
  process.exit(2);
}
