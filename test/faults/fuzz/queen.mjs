// A queen in a process of its own, with its memory to be asked for. Its options come as JSON in the first argument.
import { Queen } from '@skep/queen';
import { settledMemory } from './settledMemory.mjs';

/** Says only what should not happen, in lines that the test reads. */
const silent = () => undefined;
const error = ({ err, ...about }, what) =>
  process.stderr.write(`${what}: ${err?.cause?.stack ?? err?.stack ?? err} ${JSON.stringify(about)}\n`);
const log = { fatal: error, error, warn: silent, info: silent, debug: silent, trace: silent };

const queen = new Queen({ port: 0, log, ...JSON.parse(process.argv[2] ?? '{}') });
const { url } = await queen.listen();
process.on('message', async (wish) => wish === 'memory' && process.send(await settledMemory()));
process.on('disconnect', () => process.exit());
process.send({ url });
