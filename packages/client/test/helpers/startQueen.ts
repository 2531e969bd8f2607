import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, connect as dial, type Socket as TcpSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Queen, type QueenOptions } from '@skep/queen';
import { io, type Socket } from 'socket.io-client';

/** A queen behind a line that can be cut; ended, with its drones, when it goes out of scope. */
export interface TestQueen extends AsyncDisposable {
  /** Its address through the line. */
  url: string;
  adminToken: string | undefined;
  dataDir: string;
  /** Cuts every connection through the line; new ones may be made. */
  cut(): void;
  /** Closes the queen and starts another on the same data and port. */
  restart(): Promise<void>;
  /** A plain drone that takes any number of jobs. */
  drone(token?: string): Promise<TestDrone>;
}

export interface TestDrone {
  /** The id of the next job that it is given. */
  job(): Promise<string>;
  say(event: string, ...args: unknown[]): void;
  /** Everything an attempt says that writes these lines and ends well. */
  perform(id: string, lines: readonly string[]): void;
}

export async function startQueen(options: Partial<QueenOptions> = {}): Promise<TestQueen> {
  const dataDir = await mkdtemp(join(tmpdir(), 'skep-client-'));
  let queen = new Queen({ dataDir, port: 0, ...options });
  const { url, adminToken } = await queen.listen();
  const { port } = new URL(url);
  const sockets: Socket[] = [];
  const ends = new Set<TcpSocket>();
  const line = createServer((near) => {
    const far = dial(Number(port), '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        ends.delete(from);
        to.destroy();
      });
    }
  });
  line.listen(0, '127.0.0.1');
  await once(line, 'listening');
  const cut = (): void => {
    for (const end of ends) end.destroy();
  };
  return {
    url: `http://127.0.0.1:${(line.address() as AddressInfo).port}`,
    adminToken,
    dataDir,
    cut,
    async restart() {
      await queen.close();
      queen = new Queen({ dataDir, ...options, port: Number(port) });
      await queen.listen();
    },
    async drone(token) {
      const socket = io(`${url}/drone`, { transports: ['websocket'], forceNew: true, reconnectionDelay: 20, auth: { token } });
      sockets.push(socket);
      return plainDrone(socket);
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.disconnect();
      cut();
      line.close();
      await queen.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function plainDrone(socket: Socket): Promise<TestDrone> {
  const given: string[] = [];
  const waiting: ((id: string) => void)[] = [];
  socket.on('queue:new', ({ id }: { id: string }) => {
    const take = waiting.shift();
    if (take) take(id);
    else given.push(id);
  });
  const info = { speed: 10, capacity: 1000, name: 'plain', id: 'plain' };
  socket.on('drone:query-info', () => socket.emit('drone:info', info));
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  const say = (event: string, ...args: unknown[]): void => {
    socket.emit(event, ...args);
  };
  return {
    say,
    job: async () => given.shift() ?? (await new Promise<string>((resolve) => waiting.push(resolve))),
    perform(id, lines) {
      say('job:started', id, 1);
      say('job:cmd:start', id, 0, 'print');
      for (const line of lines) say('job:cmd:stdout', id, 0, `${line}\n`);
      say('job:cmd:done', id, 0, 0);
      say('job:tested', id, 0, 2);
      say('job:done', id, 3);
    },
  };
}
