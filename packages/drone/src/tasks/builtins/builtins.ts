import type { AnyHandler } from '../HandlerSet.js';
import { fetch } from './fetch.js';
import { ping } from './ping.js';
import { targz } from './targz.js';

/** What every drone of ours performs, unless its own handlers bear these names. */
export const builtins: readonly AnyHandler[] = [ping, fetch, targz];
