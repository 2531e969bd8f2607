import { once } from 'node:events';
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { memoryInUse } from '../lib/memory.js';
import { serve } from '../lib/serve.js';

const skills = {
  /** Listens, and passes on every `chunk` to all who are in the room `subscribers`. */
  start: async (): Promise<string> => {
    const http = createServer().listen(0, '127.0.0.1');
    await once(http, 'listening');
    const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false, serveClient: false });
    io.on('connection', (socket) => {
      socket.on('subscribe', (ack: () => void) => {
        void socket.join('subscribers');
        ack();
      });
      socket.on('chunk', (chunk: unknown, ack?: () => void) => {
        io.to('subscribers').emit('chunk', chunk);
        ack?.();
      });
    });
    const address = http.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return `http://127.0.0.1:${address.port}`;
  },
  memory: memoryInUse,
};

export type RelaySkills = typeof skills;
serve(skills);
