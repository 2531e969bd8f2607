import { once } from 'node:events';
import { SkepError } from '@skep/protocol';
import { type FoundPlugin, FromHost, type ToHost } from './messages.js';
import { startHost } from './PluginHost.js';

/** How long all plugins together may take to be loaded. */
const FIND_MS = 30_000;

/**
 * The plugins in these places. Their modules are loaded in a process of their own, never in the caller's.
 * @param places files, folders and packages, as a drone's configuration names them
 * @throws {SkepError} INVALID_CONFIG if a place has none, or one cannot be loaded
 */
export async function listPlugins(
  places: readonly string[],
  options: { entry: string; cwd: string; env: Readonly<Record<string, string>> },
): Promise<FoundPlugin[]> {
  if (places.length === 0) return [];
  const child = startHost(options);
  const late = setTimeout(() => child.kill('SIGKILL'), FIND_MS);
  let words = '';
  child.stderr?.on('data', (bytes: Buffer) => {
    words = `${words}${bytes}`.slice(-1000);
  });
  child.stdout?.resume();
  try {
    child.send({ find: { places, cwd: options.cwd } } satisfies ToHost);
    const answer = await Promise.race([
      new Promise<unknown>((resolve) => child.once('message', resolve)),
      once(child, 'exit').then(() => undefined),
    ]);
    const { data: message } = FromHost.safeParse(answer);
    if (message && 'found' in message) return message.found;
    if (message && 'notFound' in message) {
      const { hint } = message.notFound;
      throw new SkepError('INVALID_CONFIG', message.notFound.message, hint === undefined ? {} : { hint });
    }
    throw new SkepError(
      'INVALID_CONFIG',
      `The plugins could not be loaded within ${FIND_MS / 1000} s: ${words.trim() || 'they said nothing'}`,
    );
  } finally {
    clearTimeout(late);
    child.kill('SIGKILL');
  }
}
