import { MAX_VIEWS, SkepError, type View } from '@skep/protocol';
import type { Store, ViewRecord } from '@skep/store';

/** The filters that people have given names to. */
export interface Views {
  /** All of them, by name. */
  list(): View[];
  /** Keeps a filter under a name, in place of what had that name. Resolved when it is durable. @throws TOO_MANY_VIEWS */
  put(name: string, filter: View['filter']): Promise<View>;
  /** @throws VIEW_NOT_FOUND */
  drop(name: string): Promise<void>;
}

/** Reads the views that there are, and keeps them in memory. */
export async function createViews({ store, now }: { store: Pick<Store, 'views' | 'commit'>; now: () => number }): Promise<Views> {
  const byName = new Map((await store.views()).map((record) => [record.name, record]));
  const shown = ({ name, filter, changedAt }: ViewRecord): View => ({ name, filter, changed: changedAt });
  return {
    list: () => [...byName.values()].map(shown).sort((a, b) => (a.name < b.name ? -1 : 1)),

    async put(name, filter) {
      const before = byName.get(name);
      if (!before && byName.size >= MAX_VIEWS) throw new SkepError('TOO_MANY_VIEWS', `There are ${MAX_VIEWS} views already`);
      const record = { name, filter, changedAt: now() };
      // Taken before the commit, so that many at once are not more than there may be.
      byName.set(name, record);
      try {
        await store.commit([{ type: 'view', record }]);
      } catch (error) {
        if (byName.get(name) === record) {
          if (before) byName.set(name, before);
          else byName.delete(name);
        }
        throw error;
      }
      return shown(record);
    },

    async drop(name) {
      const record = byName.get(name);
      if (!record) throw new SkepError('VIEW_NOT_FOUND', `There is no view named ${name}`);
      await store.commit([{ type: 'drop-view', name }]);
      // Unless somebody has kept another one under the name since.
      if (byName.get(name) === record) byName.delete(name);
    },
  };
}
