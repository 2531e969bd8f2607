import { pathToFileURL } from 'node:url';

/**
 * The default export of a user's module, ES or CommonJS; of one without, all that it exports.
 * @throws what the module throws, or Node where it cannot be read
 */
export async function loadModule(file: string): Promise<unknown> {
  const loaded: Record<string, unknown> = await import(pathToFileURL(file).href);
  return 'default' in loaded ? loaded.default : loaded;
}
