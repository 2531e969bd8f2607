import * as z from 'zod';
import type { HandlerSet } from './HandlerSet.js';
import { inputSchemaOf } from './inputSchemaOf.js';

/** Of all schemas together. Inputs of handlers beyond that are checked by the drone alone. */
const MAX_SCHEMAS_CHARS = 256 * 1024;

/** What a drone has to know of its handlers: their names, and what they take as far as a queen can check it. */
export const HandlerList = z.object({
  names: z.array(z.string().min(1).max(200)).max(1000),
  inputs: z.record(z.string(), z.record(z.string(), z.unknown())),
});
export type HandlerList = z.infer<typeof HandlerList>;

/** What these handlers are to those who ask for them. */
export function handlerListOf(handlers: HandlerSet): HandlerList {
  const inputs: HandlerList['inputs'] = {};
  let room = MAX_SCHEMAS_CHARS;
  for (const name of handlers.names) {
    const schema = inputSchemaOf(handlers.inputOf(name));
    room -= schema ? JSON.stringify(schema).length : 0;
    if (schema && room >= 0) inputs[name] = schema;
  }
  return { names: handlers.names, inputs };
}
