import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const PIECE = Buffer.alloc(1024 * 1024);

/** Whether this process may mount a disk of its own. */
export const canMount = process.platform === 'linux' && process.getuid?.() === 0;

/** A small disk in memory, mounted on a folder, that can be filled up and freed. */
export class TmpDisk implements Disposable {
  private constructor(readonly path: string) {}

  /** @throws {Error} if it may not be mounted */
  static mount(path: string, bytes: number): TmpDisk {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=0700`, 'skep-test', path]);
    return new TmpDisk(path);
  }

  /** Leaves not a byte of room. */
  fill(): void {
    const file = openSync(join(this.path, 'filler'), 'a');
    try {
      for (let size = PIECE.length; size >= 1; ) {
        try {
          if (writeSync(file, PIECE, 0, size) < size) size = Math.floor(size / 2);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
          size = Math.floor(size / 2);
        }
      }
    } finally {
      closeSync(file);
    }
  }

  /** There is room again. */
  free(): void {
    rmSync(join(this.path, 'filler'), { force: true });
  }

  [Symbol.dispose](): void {
    execFileSync('/bin/umount', ['-l', this.path]);
  }
}
