import { execFileSync } from 'node:child_process';
import { chmod, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { aJob } from '../../src/conformance/samples.js';
import { temporaryDataDir } from './temporaryStore.js';
import { WriterProcess } from './WriterProcess.js';

describe('a process that is killed', () => {
  test('has kept everything that it acknowledged, and its folder is free', async () => {
    await using dir = await temporaryDataDir();
    // Again and again in the same folder, each time at another moment.
    for (const count of [1, 50, 333]) {
      await using child = new WriterProcess(dir.dataDir);
      await child.until(() => child.acknowledged.length >= count);
      await child[Symbol.asyncDispose]();
      const store = await dir.open();
      for (const lease of child.acknowledged) {
        const run = await store.events(`job-${lease}`, 0, 1000);
        expect(run.events.map(({ output }) => output?.bytes[0])).toEqual([undefined, lease % 256]);
      }
      await store.close();
    }
  });
});

describe('a full disk', () => {
  test('fails the commits that find no room, keeps all that was acknowledged, and goes on when there is room', async () => {
    await using dir = await temporaryDataDir();
    // A soft limit on the size of files, in blocks of 512 bytes: writes beyond it fail, as they do on a full disk.
    await using child = new WriterProcess(dir.dataDir, 65_536, '-Sf 16384');
    await child.until(() => child.lines.some((line) => line.includes(' ')));
    expect(child.lines.filter((line) => line.includes(' ')).map((line) => line.split(' ')[1])).toContain('STORE_FULL');
    expect(child.lines.filter((line) => line.includes(' STORE_FAILED'))).toEqual([]);
    execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited']);
    const before = child.acknowledged.length;
    await child.until(() => child.acknowledged.length >= before + 100);
    await child[Symbol.asyncDispose]();
    const store = await dir.open();
    for (const lease of child.acknowledged) expect(await store.job(`job-${lease}`)).toBeDefined();
    await store.close();
  });
});

describe('the data folder', () => {
  test('is made for its owner alone, as is everything in it', async () => {
    await using dir = await temporaryDataDir();
    const dataDir = join(dir.dataDir, 'new', 'data');
    const store = await dir.open({ dataDir });
    await store.commit([{ type: 'job', record: aJob('a') }]);
    const modes = await Promise.all(['', 'skep.sqlite', 'skep.sqlite-wal', 'skep.lock'].map((file) => stat(join(dataDir, file))));
    expect(modes.map(({ mode }) => (mode & 0o777).toString(8))).toEqual(['700', '600', '600', '600']);
    await store.close();
  });

  test('that another store uses is refused, in this process and in another', async () => {
    await using dir = await temporaryDataDir();
    const store = await dir.open();
    await expect(dir.open()).rejects.toMatchObject({ code: 'DATA_IN_USE' });
    await store.close();
    await using child = new WriterProcess(dir.dataDir);
    await child.until(() => child.acknowledged.length > 0);
    await expect(dir.open()).rejects.toMatchObject({ code: 'DATA_IN_USE' });
  });

  test('of a newer version is refused and left as it is', async () => {
    await using dir = await temporaryDataDir();
    await (await dir.open()).close();
    const db = new Database(join(dir.dataDir, 'skep.sqlite'));
    db.pragma('user_version = 1000');
    await expect(dir.open()).rejects.toMatchObject({ code: 'STORE_NEWER' });
    expect(db.pragma('user_version', { simple: true })).toBe(1000);
    db.close();
  });

  test.each([
    ['that is a file', (dataDir: string) => writeFile(dataDir, '')],
    [
      'whose database is something else',
      async (dataDir: string) => mkdir(dataDir).then(() => writeFile(join(dataDir, 'skep.sqlite'), 'x'.repeat(5000))),
    ],
  ])('%s is refused with the cause', async (_, make) => {
    await using dir = await temporaryDataDir();
    const dataDir = join(dir.dataDir, 'data');
    await make(dataDir);
    await expect(dir.open({ dataDir })).rejects.toMatchObject({ code: 'STORE_FAILED', cause: expect.any(Error) });
    await chmod(dataDir, 0o700);
  });
});

describe('a thread of the store that dies', () => {
  test('fails all calls that wait for it and all later ones', async () => {
    await using dir = await temporaryDataDir();
    const entry = join(dir.dataDir, 'thread.mjs');
    const own = new URL('../../dist/sqlite/thread.js', import.meta.url);
    // The real thread, which ends when it would answer the second call.
    await writeFile(
      entry,
      `import { parentPort, workerData } from 'node:worker_threads';
       const answer = parentPort.postMessage.bind(parentPort);
       parentPort.postMessage = (message, ...rest) => {
         if (workerData.role === 'writer' && message.calls?.some(({ id }) => id > 0)) process.exit(1);
         answer(message, ...rest);
       };
       await import(${JSON.stringify(own.href)});`,
    );
    const store = await dir.open({ threadEntry: pathToFileURL(entry) });
    await store.commit([{ type: 'job', record: aJob('a') }]);
    const calls = ['b', 'c', 'd'].map((id) => store.commit([{ type: 'job', record: aJob(id) }]));
    const failed = { status: 'rejected', reason: { code: 'STORE_FAILED' } };
    expect(await Promise.allSettled(calls)).toMatchObject([failed, failed, failed]);
    await expect(store.commit([])).rejects.toMatchObject({ code: 'STORE_FAILED' });
    expect(await store.job('a')).toEqual(aJob('a'));
    await store.close();
  });
});
