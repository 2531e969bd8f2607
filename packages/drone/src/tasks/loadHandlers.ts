import { SkepError } from '@skep/protocol';
import { importFile } from '../plugins/host/loadModule.js';
import { builtins } from './builtins/builtins.js';
import { HandlerSet, isHandlerLike } from './HandlerSet.js';
import { thrownWords } from './TaskError.js';

/**
 * The handlers that these modules export, one by one or in lists, and those that every drone has.
 * @throws {SkepError} INVALID_CONFIG if a module cannot be loaded or exports none, or a handler is wrong
 */
export async function loadHandlers(files: readonly string[]): Promise<HandlerSet> {
  const handlers: unknown[] = [];
  for (const file of files) {
    const found = Object.values(await load(file))
      .flat()
      .filter(isHandlerLike);
    if (found.length === 0)
      throw new SkepError('INVALID_CONFIG', `${file} exports no handler`, { hint: 'Export what defineHandler or compose returns.' });
    handlers.push(...found);
  }
  const own = new Set(handlers.map((handler) => (handler as { name: unknown }).name));
  return new HandlerSet([...handlers, ...builtins.filter(({ name }) => !own.has(name))]);
}

async function load(file: string): Promise<Record<string, unknown>> {
  try {
    return await importFile(file);
  } catch (error) {
    throw new SkepError('INVALID_CONFIG', `The handlers in ${file} cannot be loaded: ${thrownWords(error)}`, { cause: error });
  }
}
