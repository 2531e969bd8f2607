import { SkepError } from './errors.js';
import { MAX_DEPTH, MAX_VALUES } from './limits.js';

/**
 * Whether a message is of a size that can be dealt with, whatever it says; bytes count as one value.
 * @throws {SkepError} INVALID_MESSAGE, naming MAX_DEPTH or MAX_VALUES
 */
export function checkShape(message: unknown, what: string, { maxDepth = MAX_DEPTH, maxValues = MAX_VALUES } = {}): void {
  let values = 0;
  const visit = (value: unknown, depth: number): void => {
    values += 1;
    if (values > maxValues) throw new SkepError('INVALID_MESSAGE', `${what} holds more than ${maxValues} values`);
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
    if (depth === maxDepth) throw new SkepError('INVALID_MESSAGE', `${what} is nested more than ${maxDepth} levels deep`);
    if (Array.isArray(value)) for (const each of value) visit(each, depth + 1);
    else for (const key in value) visit((value as Record<string, unknown>)[key], depth + 1);
  };
  visit(message, 0);
}
