export { type ForerunnerQueue, type ForerunnerQueueOptions, forerunnerQueue, type QueuedJob } from './forerunnerQueue.js';
export { type ForerunnerStore, forerunnerStore } from './forerunnerStore.js';
