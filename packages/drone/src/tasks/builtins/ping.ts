import { defineHandler } from '../defineHandler.js';

/** Returns what it is given, `pong` if that is nothing: shows that tasks come through. */
export const ping = defineHandler({
  name: 'ping',
  run: (_, data) => data ?? 'pong',
});
