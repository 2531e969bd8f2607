export type { QueueOrder } from '@skep/scheduler';
export { createMemoryStore, type Store, StoreMemory } from '@skep/store';
export type { WeighedJob } from './coordinator/turnOf.js';
export type { QueenEvents } from './gateway/Gateway.js';
export type { Hook } from './gateway/LocalHooks.js';
export { type Listening, Queen, type QueenOptions } from './Queen.js';
