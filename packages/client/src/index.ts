export type { FollowOptions } from './follow.js';
export type { ConnectionItem, EventItem, FollowItem, OutputItem, SummaryItem } from './followItem.js';
export { isOutput } from './followItem.js';
export { newJobId } from './newJobId.js';
export type { OutputChunk } from './outputChunk.js';
export type { Schedules } from './Schedules.js';
export { type ClientOptions, connect, type NewToken, type OutputPart, SkepClient, type SubmitOptions } from './SkepClient.js';
export type { SearchOptions } from './search.js';
export type { QueueChange, QueueListener } from './watchQueue.js';
