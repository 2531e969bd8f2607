// A drone in a process of its own, with its memory to be asked for. Its options come as JSON in the first argument.
import { Drone } from '@skep/drone';
import { settledMemory } from './settledMemory.mjs';

const drone = new Drone({ ...JSON.parse(process.argv[2] ?? '{}'), handlers: { repeat: (_context, data) => data } });
process.on('message', async (wish) => wish === 'memory' && process.send(await settledMemory()));
process.on('disconnect', async () => {
  // With its executors, which would live on without it.
  drone.cancelAll('the test is over');
  await drone.stop();
  process.exit();
});
await drone.start();
process.send('ready');
