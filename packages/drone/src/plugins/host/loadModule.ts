import { pathToFileURL } from 'node:url';

/**
 * The default export of a user's module, ES or CommonJS; of one without, all that it exports.
 * @throws what the module throws, or Node where it cannot be read
 */
export async function loadModule(file: string): Promise<unknown> {
  const loaded = await importFile(file);
  return 'default' in loaded ? loaded.default : loaded;
}

/**
 * All that a user's module exports: JavaScript, or TypeScript, whose types are dropped without being checked.
 * @throws what the module throws, or Node where it cannot be read
 */
export async function importFile(file: string): Promise<Record<string, unknown>> {
  if (!/\.[cm]?tsx?$/.test(file)) return import(pathToFileURL(file).href);
  // Loaded by those alone who need it: it holds a whole compiler.
  const { createJiti } = await import('jiti/static');
  return createJiti(pathToFileURL(file).href, { fsCache: false, interopDefault: false }).import(file);
}
