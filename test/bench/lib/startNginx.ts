import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './freePort.js';
import { tempFolder } from './tempFolder.js';

const READY_MS = 10_000;

export interface Nginx extends AsyncDisposable {
  readonly url: string;
}

/** An nginx of one worker that takes files by PUT and gives them by GET; undefined if this machine has none. */
export async function startNginx(): Promise<Nginx | undefined> {
  const folder = await tempFolder();
  const port = await freePort();
  const at = (name: string): string => join(folder.path, name);
  await mkdir(at('files'));
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${at(name)};`);
  const server = `server { listen 127.0.0.1:${port}; root ${at('files')}; location / { dav_methods PUT; } }`;
  const http = `access_log off; sendfile on; tcp_nopush on; client_max_body_size 0; ${temp.join(' ')} ${server}`;
  // Its worker would be another user, who may not write here.
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  await writeFile(
    at('conf'),
    `${user} daemon off; worker_processes 1; pid ${at('pid')}; error_log ${at('log')}; events {} http { ${http} }\n`,
  );
  const child = spawn('nginx', ['-c', at('conf'), '-e', at('log'), '-p', folder.path], { stdio: 'ignore' });
  const stop = async (): Promise<void> => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      child.kill();
      await once(child, 'exit');
    }
    await folder[Symbol.asyncDispose]();
  };
  try {
    await once(child, 'spawn');
  } catch {
    await stop();
    return undefined;
  }
  for (const deadline = Date.now() + READY_MS; !(await listens(port)); await sleep(20)) {
    if (child.exitCode === null && Date.now() < deadline) continue;
    await stop();
    throw new Error('nginx does not start');
  }
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: stop };
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
