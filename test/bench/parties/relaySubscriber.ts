import type { Socket } from 'socket.io-client';
import { now } from '../lib/clock.js';
import { connected } from '../lib/connected.js';
import { serve } from '../lib/serve.js';

let socket: Socket;

const skills = {
  start: async (url: string): Promise<void> => {
    socket = await connected(url);
    await socket.emitWithAck('subscribe');
  },

  /** Takes so many messages. @returns bytes, and ms from the first to the last */
  flood: (messages: number): Promise<{ bytes: number; ms: number }> =>
    new Promise((resolve) => {
      let left = messages;
      let bytes = 0;
      let first: number | undefined;
      const take = (chunk: Buffer): void => {
        first ??= now();
        bytes += chunk.length;
        if (--left > 0) return;
        socket.off('chunk', take);
        resolve({ bytes, ms: now() - first });
      };
      socket.on('chunk', take);
    }),

  /** Takes so many lines. @returns ms from the sending of each to here */
  lines: (lines: number): Promise<number[]> =>
    new Promise((resolve) => {
      const late: number[] = [];
      const take = (line: Buffer): void => {
        late.push(now() - Number(line.toString()));
        if (late.length < lines) return;
        socket.off('chunk', take);
        resolve(late);
      };
      socket.on('chunk', take);
    }),
};

export type RelaySubscriberSkills = typeof skills;
serve(skills);
