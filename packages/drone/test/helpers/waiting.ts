import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PackedEvent } from '@skep/protocol';

/** Waits for a condition. @throws {Error} that names what did not come */
export async function until(isSo: () => boolean, what: string | (() => string), ms = 15_000): Promise<void> {
  for (const end = performance.now() + ms; !isSo(); await sleep(5)) {
    if (performance.now() > end) throw new Error(`waited in vain for ${typeof what === 'string' ? what : what()}`);
  }
}

/** The bytes of an output event; none of any other. */
export function outputIn([, name, ...args]: PackedEvent): Buffer {
  if (!/std(out|err)$/.test(name)) return Buffer.alloc(0);
  return Buffer.from(args.at(-1) as string);
}

/** A folder that is gone when the test is. */
export class TempFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'skep-test-'));

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Whether the process runs; one that has ended and was not yet waited for does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    // No such file, but the process answered: a system without /proc.
    return (error as NodeJS.ErrnoException).syscall === 'open';
  }
}
