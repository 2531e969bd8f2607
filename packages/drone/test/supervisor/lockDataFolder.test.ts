import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { openDataFolder } from '../../src/dataFolder.js';
import { lockDataFolder } from '../../src/supervisor/lockDataFolder.js';
import { TempFolder } from '../helpers/waiting.js';

const script = fileURLToPath(new URL('../fixtures/lock.mjs', import.meta.url));

/** A process that takes the data folder when it is told to. */
class Taker {
  readonly #lines: AsyncIterator<string>;

  private constructor(readonly child: ChildProcess) {
    this.#lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  }

  static async start(dataDir: string): Promise<Taker> {
    const taker = new Taker(spawn(process.execPath, [script, dataDir], { stdio: ['pipe', 'pipe', 'inherit'] }));
    await taker.#lines.next();
    return taker;
  }

  async take(): Promise<string> {
    this.child.stdin!.write('go\n');
    return (await this.#lines.next()).value;
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
  }
}

test('of many that take over from a dead one at the same moment, one gets the data folder', async () => {
  using folder = new TempFolder();
  const takers = await Promise.all(Array.from({ length: 8 }, () => Taker.start(folder.path)));
  try {
    for (let left = takers; left.length > 0; ) {
      const answers = await Promise.all(left.map((taker) => taker.take()));
      expect(answers.sort()).toEqual([...Array.from({ length: left.length - 1 }, () => 'DATA_IN_USE'), 'taken']);
      // All of them are killed where they stand, the one that holds it with its socket left behind.
      await Promise.all(left.map((taker) => taker.kill()));
      left = left.length > 4 ? await Promise.all(Array.from({ length: 4 }, () => Taker.start(folder.path))) : [];
      takers.push(...left);
    }
  } finally {
    await Promise.all(takers.map((taker) => taker.kill()));
  }
}, 60_000);

test('one that is frozen still holds it', async () => {
  using folder = new TempFolder();
  const taker = await Taker.start(folder.path);
  try {
    expect(await taker.take()).toBe('taken');
    taker.child.kill('SIGSTOP');
    await expect(lockDataFolder(openDataFolder(folder.path))).rejects.toMatchObject({ code: 'DATA_IN_USE' });
  } finally {
    await taker.kill();
  }
  (await lockDataFolder(openDataFolder(folder.path))).release();
});
