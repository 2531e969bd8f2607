import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { SkepError } from '@skep/protocol';
import * as z from 'zod';
import type { FoundPlugin } from '../messages.js';
import { loadModule } from './loadModule.js';
import { definitionOf } from './SkepPlugin.js';

const Strider = z.looseObject({
  id: z.string().min(1).optional(),
  type: z.string().optional(),
  worker: z.string().optional(),
  hosted: z.boolean().optional(),
});
const Package = z.looseObject({
  name: z.string().optional(),
  strider: Strider.optional(),
  skep: z.looseObject({ plugin: z.string().min(1) }).optional(),
});

const isModule = (path: string): boolean => /\.[cm]?js$/.test(path);

/**
 * The plugins in these places, by name. A place is the file of a plugin, the folder of one, a folder that has some (such as
 * `node_modules`), or the name of an npm package that is installed for `cwd`. Every plugin of ours is loaded once, here.
 * @throws {SkepError} INVALID_CONFIG if a place has none, one cannot be loaded, or two bear one name
 */
export async function findPlugins(places: readonly string[], cwd: string): Promise<FoundPlugin[]> {
  const byName = new Map<string, FoundPlugin>();
  for (const place of places) {
    const found = await pluginsAt(place, cwd);
    if (found.length === 0) throw new SkepError('INVALID_CONFIG', `There is no plugin in ${place}`, { hint: hintFor });
    for (const plugin of found) {
      const other = byName.get(plugin.name);
      if (other && other.file !== plugin.file)
        throw new SkepError('INVALID_CONFIG', `Two plugins are called ${plugin.name}: ${other.file} and ${plugin.file}`);
      byName.set(plugin.name, plugin);
    }
  }
  return [...byName.values()];
}

const hintFor = 'Name the file of a plugin, a folder with plugins, or a package that is installed.';

async function pluginsAt(place: string, cwd: string): Promise<FoundPlugin[]> {
  const path = resolve(cwd, place);
  if (!existsSync(path)) {
    const folder = folderOfPackage(place, cwd);
    if (folder === undefined)
      throw new SkepError('INVALID_CONFIG', `There is no plugin ${place}: no file, no folder, no package`, { hint: hintFor });
    return pluginIn(folder);
  }
  if (!statSync(path).isDirectory()) return [await ourPlugin(path)];
  const itself = await pluginIn(path);
  if (itself.length > 0) return itself;
  const found: FoundPlugin[] = [];
  for (const name of readdirSync(path).sort()) {
    const child = join(path, name);
    if (statSync(child, { throwIfNoEntry: false })?.isDirectory()) {
      const children = name.startsWith('@') ? readdirSync(child).map((each) => join(child, each)) : [child];
      for (const each of children) found.push(...(await pluginIn(each)));
    } else if (isModule(name)) found.push(await ourPlugin(child));
  }
  return found;
}

/** The plugin that a folder is, by its package.json or, for Strider's, its strider.json. */
async function pluginIn(folder: string): Promise<FoundPlugin[]> {
  const pack = read(join(folder, 'package.json'), Package);
  const strider = read(join(folder, 'strider.json'), Strider) ?? pack?.strider;
  if (pack?.skep) return [await ourPlugin(resolve(folder, pack.skep.plugin))];
  if (!strider?.worker || !['job', 'provider'].includes(strider.type ?? '')) return [];
  const { id = pack?.name ?? basename(folder), type, worker, hosted } = strider;
  try {
    const file = createRequire(join(folder, 'package.json')).resolve(resolve(folder, worker));
    return [{ name: id, kind: type === 'provider' ? 'strider-provider' : 'strider-job', file, ...(hosted && { hosted }) }];
  } catch {
    throw new SkepError('INVALID_CONFIG', `The plugin in ${folder} has no file ${worker}`);
  }
}

async function ourPlugin(file: string): Promise<FoundPlugin> {
  try {
    return { name: definitionOf(await loadModule(file)).name, kind: 'skep', file };
  } catch (error) {
    throw new SkepError('INVALID_CONFIG', `The plugin ${file} cannot be loaded: ${(error as Error).message}`, { cause: error });
  }
}

function read<T>(path: string, schema: z.ZodType<T>): T | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new SkepError('INVALID_CONFIG', `${path} cannot be read: ${(error as Error).message}`);
  }
}

/** Where Node would find a package, also one whose `exports` hide its package.json. */
function folderOfPackage(name: string, from: string): string | undefined {
  const folder = join(from, 'node_modules', name);
  if (existsSync(join(folder, 'package.json'))) return folder;
  return dirname(from) === from ? undefined : folderOfPackage(name, dirname(from));
}
