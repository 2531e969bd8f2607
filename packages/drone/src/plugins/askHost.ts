import { once } from 'node:events';
import { SkepError } from '@skep/protocol';
import { FromHost, type ToHost } from './messages.js';
import { startHost } from './PluginHost.js';

/** How long all modules together may take to be loaded. */
const ANSWER_MS = 30_000;

/**
 * Asks one question in a process of its own, in which users' modules are loaded, and ends it.
 * @throws {SkepError} INVALID_CONFIG if it has no answer
 */
export async function askHost(
  question: ToHost,
  { what, ...options }: { what: string; entry: string; cwd: string; env: Readonly<Record<string, string | undefined>> },
): Promise<FromHost> {
  const child = startHost(options);
  const late = setTimeout(() => child.kill('SIGKILL'), ANSWER_MS);
  let words = '';
  child.stderr?.on('data', (bytes: Buffer) => {
    words = `${words}${bytes}`.slice(-1000);
  });
  child.stdout?.resume();
  try {
    child.send(question);
    const answer = await Promise.race([
      new Promise<unknown>((resolve) => child.once('message', resolve)),
      once(child, 'exit').then(() => undefined),
    ]);
    const { data: message } = FromHost.safeParse(answer);
    if (message && 'notFound' in message) {
      const { hint } = message.notFound;
      throw new SkepError('INVALID_CONFIG', message.notFound.message, hint === undefined ? {} : { hint });
    }
    if (message) return message;
    throw new SkepError(
      'INVALID_CONFIG',
      `${what} could not be loaded within ${ANSWER_MS / 1000} s: ${words.trim() || 'they said nothing'}`,
    );
  } finally {
    clearTimeout(late);
    child.kill('SIGKILL');
  }
}
