import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { skep } from './build.mjs';
import { Failure, root } from './run.mjs';

/** How long a process may take to say that it is ready. */
const READY_MS = 30_000;
/** How long a process may take to leave by itself. */
const LEAVE_MS = 5_000;

const processes = [];

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
 * Starts a `skep` process, waits for the line on its stderr that says that it is ready, and shows it.
 * @returns what the pattern matched
 * @throws {Failure} with its last words if it ends before, or takes too long
 */
export function start(name, args, ready) {
  // In a group of its own, so that Ctrl-C reaches this script alone and the processes leave in order: drones first.
  const child = spawn(process.execPath, [skep, ...args], { cwd: root, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  const started = { name, child, said: '' };
  processes.push(started);
  return new Promise((done, refuse) => {
    const tooLate = setTimeout(() => refuse(new Failure(`${name} was not ready after ${READY_MS / 1000} s.\n${started.said}`)), READY_MS);
    const lookForReady = () => {
      const line = started.said.split('\n').find((each) => ready.test(each));
      if (!line) return;
      clearTimeout(tooLate);
      child.stderr.off('data', lookForReady);
      process.stderr.write(`${line}\n`);
      done(line.match(ready));
    };
    child.stderr.setEncoding('utf8').on('data', (text) => {
      started.said = (started.said + text).slice(-4096);
    });
    child.stderr.on('data', lookForReady);
    child.on('error', ({ message }) => refuse(new Failure(`${name} cannot be started: ${message}`)));
    endOf(started).then((end) => {
      clearTimeout(tooLate);
      refuse(end);
    });
  });
}

/** Resolved with what happened as soon as any of the processes has ended. */
export const anyEnded = () => Promise.race(processes.map(endOf));

/** Resolved when the process has ended, with how it did and its last words. */
async function endOf(started) {
  const { name, child } = started;
  if (isRunning(child)) await new Promise((done) => child.once('close', done));
  return new Failure(`${name} has ended with ${child.signalCode ?? `exit code ${child.exitCode}`}.\n${started.said}`);
}

const isRunning = ({ exitCode, signalCode }) => exitCode === null && signalCode === null;

/** Ends all processes, the last one started first; what has not left in time is killed with all of its group. */
export async function stopAll() {
  for (const { child } of processes.reverse().splice(0)) {
    if (child.pid === undefined || !isRunning(child)) continue;
    child.kill('SIGTERM');
    // The second one tells a drone not to wait for what it runs.
    const again = setTimeout(() => child.kill('SIGTERM'), LEAVE_MS / 5);
    const kill = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), LEAVE_MS);
    await once(child, 'exit');
    clearTimeout(again);
    clearTimeout(kill);
  }
}
