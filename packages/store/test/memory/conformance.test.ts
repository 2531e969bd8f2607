import { describeStore } from '../../src/conformance.js';
import { createMemoryStore, StoreMemory } from '../../src/index.js';

describeStore('A store in memory', async () => {
  const memory = new StoreMemory();
  let store = createMemoryStore(memory);
  return {
    store,
    async reopen() {
      await store.close();
      store = createMemoryStore(memory);
      return store;
    },
    dispose: () => store.close(),
  };
});
