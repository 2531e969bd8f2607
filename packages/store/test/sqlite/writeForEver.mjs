// Commits one job after another to the folder in its first argument, and says the number of each when it is durable.
import { writeSync } from 'node:fs';
import { aRunningJob, eventMaker } from '../../dist/conformance/samples.js';
import { openSqliteStore } from '../../dist/index.js';

const [dataDir, chunkBytes = '100'] = process.argv.slice(2);
const store = await openSqliteStore({ dataDir });
let next = (await store.lastLease()) + 1;

async function writeJob() {
  const lease = next++;
  const id = `job-${lease}`;
  const event = eventMaker();
  const events = [event(), event({ text: new Uint8Array(Number(chunkBytes)).fill(lease) })];
  try {
    await store.commit([...aRunningJob(id, lease), { type: 'events', jobId: id, attempt: 1, events }]);
    writeSync(1, `${lease}\n`);
  } catch (error) {
    writeSync(1, `${lease} ${error.code}\n`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

await Promise.all(
  Array.from({ length: 8 }, async () => {
    for (;;) await writeJob();
  }),
);
