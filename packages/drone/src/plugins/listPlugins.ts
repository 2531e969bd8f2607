import { askHost } from './askHost.js';
import type { FoundPlugin } from './messages.js';

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
  const answer = await askHost({ find: { places, cwd: options.cwd } }, { what: 'The plugins', ...options });
  if ('found' in answer) return answer.found;
  throw new Error('The process that finds plugins answered something else');
}
