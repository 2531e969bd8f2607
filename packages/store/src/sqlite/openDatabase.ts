import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { DATABASE_NAME, databaseFile } from './databaseFile.js';
import { StoreFailure } from './failures.js';
import { migrations } from './migrations.js';

const CACHE_KIB = 32 * 1024;

/**
 * About how much is written to the log before it is emptied into the database. A log that stays small is overwritten in
 * place, which takes half the time of one that grows: a growing file has its size to be flushed too.
 */
export const CHECKPOINT_BYTES = 16 * 1024 * 1024;

/**
 * Takes the data folder for this process. The system drops the lock when the process ends, however it ends.
 * @returns the lock, to be closed at the end
 * @throws {SkepError} DATA_IN_USE if another process, or another store of this one, has it
 */
export function lockDataDir(dataDir: string): Database.Database {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = new Database(createPrivate(dataDir, 'skep.lock'), { timeout: 0 });
  try {
    lock.pragma('journal_mode = memory');
    lock.exec('begin exclusive');
    return lock;
  } catch (error) {
    lock.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      throw new StoreFailure('DATA_IN_USE', `Another process uses the data folder ${dataDir}`, { cause: error });
    }
    throw error;
  }
}

/**
 * Opens the database to write, making it or bringing its schema up to date.
 * @throws {SkepError} STORE_NEWER if a newer version has been at it
 */
export function openToWrite(dataDir: string): Database.Database {
  const db = new Database(createPrivate(dataDir, DATABASE_NAME));
  try {
    // Measured with test/bench/store.ts: 4 KiB makes a lone commit 10 % quicker than 8 KiB, but takes a third off the
    // output that can be written in a second; 16 KiB adds a third and makes a lone commit 20 % slower.
    db.pragma('page_size = 8192');
    db.pragma('journal_mode = wal');
    db.pragma('synchronous = full');
    db.pragma('foreign_keys = on');
    // What savepoints keep to undo a call goes to memory, not to a file.
    db.pragma('temp_store = memory');
    db.pragma(`cache_size = -${CACHE_KIB}`);
    // The writer empties the log itself, where nobody waits for it; this is for when it comes to be in the way.
    db.pragma(`wal_autocheckpoint = ${(4 * CHECKPOINT_BYTES) / 8192}`);
    db.pragma(`journal_size_limit = ${8 * CHECKPOINT_BYTES}`);
    migrate(db, dataDir);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Opens the database to read. It must have been opened to write before. */
export function openToRead(dataDir: string): Database.Database {
  const db = new Database(databaseFile(dataDir), { readonly: true, fileMustExist: true });
  // No mmap: an error of the disk would come as a signal and end the process, not as an error of one call.
  db.pragma(`cache_size = -${CACHE_KIB}`);
  return db;
}

function migrate(db: Database.Database, dataDir: string): void {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version > migrations.length) {
    throw new StoreFailure('STORE_NEWER', `${dataDir} has schema ${version}; this version knows up to ${migrations.length}`);
  }
  for (const [index, step] of migrations.slice(version).entries()) {
    db.transaction(() => {
      db.exec(step);
      db.pragma(`user_version = ${version + index + 1}`);
    }).exclusive();
  }
}

/**
 * Makes a file, if it is not there, that only its owner may read: job data holds secrets. SQLite gives the files beside
 * it the same mode. It flushes what it writes, but not the name of a file that it found.
 */
function createPrivate(dataDir: string, name: string): string {
  const file = join(dataDir, name);
  closeSync(openSync(file, 'a', 0o600));
  const folder = openSync(dataDir, 'r');
  fsyncSync(folder);
  closeSync(folder);
  return file;
}
