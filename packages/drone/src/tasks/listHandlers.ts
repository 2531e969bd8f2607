import { askHost } from '../plugins/askHost.js';
import { type HandlerList, handlerListOf } from './HandlerList.js';
import { loadHandlers } from './loadHandlers.js';

/**
 * The handlers in these modules and those that every drone has. They are loaded in a process of their own, with the
 * environment that they will have in executors.
 * @throws {SkepError} INVALID_CONFIG if one cannot be loaded or is wrong
 */
export async function listHandlers(files: readonly string[], entry: string): Promise<HandlerList> {
  if (files.length === 0) return handlerListOf(await loadHandlers([]));
  const { SKEP_TOKEN: _, ...env } = process.env;
  const answer = await askHost({ listHandlers: { files } }, { what: 'The handlers', entry, cwd: process.cwd(), env });
  if ('handlers' in answer) return answer.handlers;
  throw new Error('The process that loads handlers answered something else');
}
