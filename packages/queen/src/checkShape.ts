import { MAX_DEPTH, MAX_VALUES, SkepError } from '@skep/protocol';

/**
 * Whether a message is of a size that can be dealt with, whatever it says; bytes count as one value.
 * @throws {SkepError} INVALID_MESSAGE, naming MAX_DEPTH or MAX_VALUES
 */
export function checkShape(message: unknown, what: string): void {
  let values = 0;
  const visit = (value: unknown, depth: number): void => {
    values += 1;
    if (values > MAX_VALUES) throw new SkepError('INVALID_MESSAGE', `${what} holds more than ${MAX_VALUES} values`);
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
    if (depth === MAX_DEPTH) throw new SkepError('INVALID_MESSAGE', `${what} is nested more than ${MAX_DEPTH} levels deep`);
    if (Array.isArray(value)) for (const each of value) visit(each, depth + 1);
    else for (const key in value) visit((value as Record<string, unknown>)[key], depth + 1);
  };
  visit(message, 0);
}

/** Whether there are bytes anywhere in a message, which JSON cannot hold. */
export const holdsBytes = (message: unknown): boolean =>
  ArrayBuffer.isView(message) || (typeof message === 'object' && message !== null && Object.values(message).some(holdsBytes));
