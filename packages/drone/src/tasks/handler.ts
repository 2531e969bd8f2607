/** What the authors of handlers need, without the drone. */
export { fetch } from './builtins/fetch.js';
export { ping } from './builtins/ping.js';
export { targz } from './builtins/targz.js';
export type { Composition, Handler, HandlerContext, HandlerDefinition, Step } from './defineHandler.js';
export { compose, defineHandler } from './defineHandler.js';
export { TaskError } from './TaskError.js';
