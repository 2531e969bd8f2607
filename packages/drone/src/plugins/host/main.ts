import os from 'node:os';
import type { FromHost, ToHost } from '../messages.js';
import { PluginServer } from './PluginServer.js';

/** Runs this process as the host of plugins, over the channel to the executor that started it. */
export function serveAsHost(): void {
  // What Strider's plugins still call and Node no longer has.
  if (!('tmpDir' in os)) Object.assign(os, { tmpDir: os.tmpdir });
  const server = new PluginServer(send);
  process.on('uncaughtException', (error) => server.thrown(error));
  process.on('unhandledRejection', (error) => server.thrown(error));
  // Who stops a whole service sends these to every process of it, and the attempt shall still end.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
  process.on('disconnect', () => process.exit(1));
  process.on('message', (message: ToHost) => {
    if ('open' in message) Object.assign(process.env, message.open.places.marker);
    server.take(message);
  });
}

function send(message: FromHost): void {
  if (!process.connected) return;
  try {
    process.send?.(message);
  } catch (error) {
    // What a plugin says may hold anything; what cannot be said as JSON is not said.
    console.error(`[skep] ${(error as Error).message}`);
  }
}
