export { Broker, type BrokerEvents } from './Broker.js';
export type { BrokerOptions } from './BrokerOptions.js';
export type { BrokerWorker, WorkerEnd } from './BrokerWorker.js';
export type { Failing, Member, MemberKind, PoolListener } from './Member.js';
export { Pool, type PoolOptions } from './Pool.js';
export { sizeText } from './sizeText.js';
export { type WearLimits, wornBy } from './wornBy.js';
