import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { describe } from '@jest/globals';

export const exampleFolder = resolve(import.meta.dirname, '../../examples/plain-drone');

// Debian's own: the packages for it are installed there, whatever other python3 comes first in PATH.
const python = ['/usr/bin/python3', 'python3'].find((program) => spawnSync(program, ['-c', 'import socketio, aiohttp']).status === 0);

/** A running example, ended when it is disposed of. */
export class ExampleDrone implements AsyncDisposable {
  private constructor(private readonly child: ChildProcess) {}

  static start(program: string, script: string, queen: string, id: string): ExampleDrone {
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
    return new ExampleDrone(spawn(program, [script, queen, id], { cwd: exampleFolder, stdio: ['ignore', 'inherit', 'inherit'], env }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}

/** Describes both examples; where Python lacks what its drone needs, says so and skips that one. */
export function describeExamples(behave: (start: (queen: string, id: string) => ExampleDrone) => void): void {
  describe('drone.mjs', () => behave((queen, id) => ExampleDrone.start(process.execPath, 'drone.mjs', queen, id)));
  if (!python) process.stderr.write('skipped: drone.py needs python3-socketio and python3-aiohttp (apt-get install them)\n');
  (python ? describe : describe.skip)('drone.py', () => behave((queen, id) => ExampleDrone.start(python ?? '', 'drone.py', queen, id)));
}
