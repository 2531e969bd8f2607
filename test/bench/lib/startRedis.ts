import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './freePort.js';
import { tempFolder } from './tempFolder.js';

const READY_MS = 10_000;

export interface Redis extends AsyncDisposable {
  readonly port: number;
}

/** A redis-server that has every write on the disk before it answers; undefined if this machine has none. */
export async function startRedis(): Promise<Redis | undefined> {
  const folder = await tempFolder();
  const port = await freePort();
  const settings = { port, bind: '127.0.0.1', dir: folder.path, appendonly: 'yes', appendfsync: 'always', save: '' };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn('redis-server', args, { stdio: 'ignore' });
  try {
    await once(child, 'spawn');
  } catch {
    await folder[Symbol.asyncDispose]();
    return undefined;
  }
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill();
      await once(child, 'exit');
    }
    await folder[Symbol.asyncDispose]();
  };
  const deadline = Date.now() + READY_MS;
  while (!(await answers(port))) {
    if (child.exitCode === null && Date.now() < deadline) await sleep(20);
    else {
      await stop();
      throw new Error('redis-server does not start');
    }
  }
  return { port, [Symbol.asyncDispose]: stop };
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.write('PING\r\n');
    const [said] = (await once(socket, 'data')) as [Buffer];
    return said.toString().startsWith('+PONG');
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
