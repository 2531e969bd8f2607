import { describeStore } from '../../src/conformance.js';
import { openTemporaryStore } from './temporaryStore.js';

describeStore('SQLite', openTemporaryStore);
