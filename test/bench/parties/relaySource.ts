import { setInterval as every } from 'node:timers/promises';
import type { Socket } from 'socket.io-client';
import { now } from '../lib/clock.js';
import { connected } from '../lib/connected.js';
import { LINE_BYTES } from '../lib/lines.js';
import { serve } from '../lib/serve.js';

/** Bytes after which one message is acknowledged, and how many of them may be on their way: else all would be in memory at once. */
const PIECE_BYTES = 256 * 1024;
const PIECES = 4;

let socket: Socket;

const skills = {
  start: async (url: string): Promise<void> => {
    socket = await connected(url);
  },

  /** Sends so many messages of one size as fast as the relay takes them. */
  flood: async ({ messages, bytes }: { messages: number; bytes: number }): Promise<void> => {
    const chunk = Buffer.alloc(bytes, 'x');
    const perPiece = Math.max(1, Math.floor(PIECE_BYTES / bytes));
    const unanswered: Promise<unknown>[] = [];
    for (let n = 1; n <= messages; n++) {
      if (n % perPiece !== 0) {
        socket.emit('chunk', chunk);
        continue;
      }
      unanswered.push(socket.emitWithAck('chunk', chunk));
      if (unanswered.length >= PIECES) await unanswered.shift();
    }
    await Promise.all(unanswered);
  },

  /** Sends so many lines with the instant on each, one every so many ms. */
  tick: async ({ lines, everyMs }: { lines: number; everyMs: number }): Promise<void> => {
    let left = lines;
    for await (const _ of every(everyMs)) {
      socket.emit('chunk', Buffer.from(`${String(now()).padEnd(LINE_BYTES - 1)}\n`));
      if (--left === 0) return;
    }
  },
};

export type RelaySourceSkills = typeof skills;
serve(skills);
