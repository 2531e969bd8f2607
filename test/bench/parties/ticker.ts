import { writeSync } from 'node:fs';
import { setInterval as every } from 'node:timers/promises';
import { now } from '../lib/clock.js';
import { LINE_BYTES } from '../lib/lines.js';

// A command of a job: writes the instant on a line of its own, so many times, once every so many ms.
const [lines, everyMs] = process.argv.slice(2).map(Number);
let left = lines ?? 0;
for await (const _ of every(everyMs)) {
  writeSync(1, `${String(now()).padEnd(LINE_BYTES - 1)}\n`);
  if (--left === 0) break;
}
