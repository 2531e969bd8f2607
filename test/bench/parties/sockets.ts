import { connected } from '../lib/connected.js';
import { serve } from '../lib/serve.js';

/** Handshakes on their way at once. */
const AT_ONCE = 50;

const skills = {
  /** Opens so many connections, and says on each what it is, if that is given. */
  open: async ({ url, count, info }: { url: string; count: number; info?: Record<string, unknown> }): Promise<void> => {
    let left = count;
    const opener = async (): Promise<void> => {
      while (left-- > 0) {
        const socket = await connected(url);
        if (info) await socket.emitWithAck('drone:info', info);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, opener));
  },
};

export type SocketsSkills = typeof skills;
serve(skills);
