import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { skep } from './build.mjs';
import { Failure, root } from './run.mjs';

/** How long a process may take to say that it is ready. */
const READY_MS = 30_000;
/** How long a process may take to leave by itself. */
const LEAVE_MS = 5_000;

const children = [];

/** @throws {Failure} if another program listens on this port of this machine */
export function mustBeFree(port) {
  return new Promise((done, refuse) => {
    const server = createServer();
    server.once('error', ({ code, message }) =>
      refuse(
        code === 'EADDRINUSE'
          ? new Failure(
              `port ${port} is in use by another program, perhaps another queen.`,
              `Stop that, or choose another port: npm start -- --port ${port + 1}`,
            )
          : new Failure(`port ${port} cannot be used: ${message}`),
      ),
    );
    server.listen(port, '127.0.0.1', () => server.close(done));
  });
}

/**
 * Starts a `skep` process and waits for the line on its stderr that says that it is ready.
 * @returns the line
 * @throws {Failure} with its last words if it ends before, or takes too long
 */
export function start(name, args, isReady) {
  // In a group of its own, so that Ctrl-C reaches this script alone and the processes leave in order: drones first.
  const child = spawn(process.execPath, [skep, ...args], { cwd: root, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  children.push(child);
  return new Promise((done, refuse) => {
    let said = '';
    const tooLate = setTimeout(() => refuse(new Failure(`${name} was not ready after ${READY_MS / 1000} s.\n${said}`)), READY_MS);
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said = (said + text).slice(-4096);
      const line = said.split('\n').find(isReady);
      if (!line) return;
      clearTimeout(tooLate);
      done(line);
    });
    child.on('error', ({ message }) => refuse(new Failure(`${name} cannot be started: ${message}`)));
    child.on('exit', (code, signal) => {
      clearTimeout(tooLate);
      refuse(new Failure(`${name} ended with ${signal ?? `exit code ${code}`}.\n${said}`));
    });
  });
}

/** Resolved as soon as any of the processes has ended. */
export const anyEnded = () => Promise.race(children.map((child) => ended(child)));

const isRunning = ({ exitCode, signalCode }) => exitCode === null && signalCode === null;
const ended = (child) => new Promise((done) => (isRunning(child) ? child.once('exit', done) : done()));

/** Ends all processes, the last one started first; what has not left in time is killed with all of its group. */
export async function stopAll() {
  for (const child of children.reverse().splice(0)) {
    if (!isRunning(child)) continue;
    child.kill('SIGTERM');
    // The second one tells a drone not to wait for what it runs.
    const again = setTimeout(() => child.kill('SIGTERM'), LEAVE_MS / 5);
    const kill = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), LEAVE_MS);
    await ended(child);
    clearTimeout(again);
    clearTimeout(kill);
  }
}
