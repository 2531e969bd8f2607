import { AsyncLocalStorage, createHook } from 'node:async_hooks';

/** What can keep a process alive, in words. */
const kinds: Readonly<Record<string, string>> = {
  Timeout: 'a timer',
  TCPSERVERWRAP: 'a server',
  TCPWRAP: 'a connection',
  TLSWRAP: 'a connection',
  PIPESERVERWRAP: 'a server',
  PIPEWRAP: 'a pipe',
  PROCESSWRAP: 'a process',
  UDPWRAP: 'a socket',
  FSEVENTWRAP: 'a watched file',
  STATWATCHER: 'a watched file',
  WORKER: 'a thread',
};

interface Handle {
  readonly plugin: string;
  readonly kind: string;
  readonly resource: WeakRef<object>;
}

const owner = new AsyncLocalStorage<string>();
const handles = new Map<number, Handle>();

createHook({
  init(id, type, _, resource) {
    const plugin = owner.getStore();
    const kind = kinds[type];
    if (plugin !== undefined && kind !== undefined) handles.set(id, { plugin, kind, resource: new WeakRef(resource) });
  },
  destroy(id) {
    handles.delete(id);
  },
}).enable();

/** Runs something as a plugin's doing, with all that comes of it. */
export const asPlugin = <T>(name: string, act: () => T): T => owner.run(name, act);

/** Whose doing this is; none of a plugin's, if nobody's. */
export const whose = (): string | undefined => owner.getStore();

/** What plugins have opened and not closed, as far as it keeps this process alive. */
export function leftOpen(): { plugin: string; what: string[] }[] {
  const left = new Map<string, Set<string>>();
  for (const { plugin, kind, resource } of handles.values()) {
    const handle = resource.deref() as { hasRef?: () => boolean } | undefined;
    if (handle?.hasRef?.() !== true) continue;
    left.set(plugin, (left.get(plugin) ?? new Set()).add(kind));
  }
  return [...left].map(([plugin, what]) => ({ plugin, what: [...what] }));
}
