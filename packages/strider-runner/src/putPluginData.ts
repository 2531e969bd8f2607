type Fields = Record<string, unknown>;

/**
 * Puts what a plugin says into the data of all plugins, at its dotted path below the plugin's name: in place of what was
 * there, at the end of a list (`push`), or field by field (`extend`). A path that names no field of its own is left out.
 */
export function putPluginData(all: Fields, said: unknown): void {
  const { plugin, data, method, path } = said as { plugin?: unknown; data?: unknown; method?: unknown; path?: unknown };
  const names = [String(plugin), ...(typeof path === 'string' && path !== '' ? path.split('.') : [])];
  // The words come from a plugin on another machine: they must not reach what all objects share.
  if (names.includes('__proto__')) return;
  const last = names.pop() as string;
  let parent = all;
  for (const name of names) {
    if (!Object.hasOwn(parent, name) || !isFields(parent[name])) parent[name] = {};
    parent = parent[name] as Fields;
  }
  const before = Object.hasOwn(parent, last) ? parent[last] : undefined;
  if (method === 'push') parent[last] = Array.isArray(before) ? [...before, data] : [data];
  else if (method === 'extend') parent[last] = { ...(isFields(before) ? before : {}), ...(isFields(data) ? data : {}) };
  else parent[last] = data;
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
