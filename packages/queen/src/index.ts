export type { QueenEvents } from './gateway/Gateway.js';
export { type Listening, Queen, type QueenOptions } from './Queen.js';
