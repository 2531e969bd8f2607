import { ErrorBody, type ErrorCode, messagesIn, SkepError } from '@skep/protocol';
import type { LinkListener } from './Link.js';

/** What trying again does not change. */
const finalCodes: ReadonlySet<ErrorCode> = new Set(['DRONE_REPLACED', 'UNAUTHENTICATED', 'FORBIDDEN', 'PROTOCOL_MISMATCH'] as const);

/** What the queen says, by name. */
const said: Record<string, (listener: LinkListener, args: readonly unknown[]) => void> = {
  'drone:query-info': (listener) => listener.infoAsked(),
  'queue:new': (listener, [job]) => listener.assigned(job),
  'job:cancel': (listener, [id, reason]) => listener.cancelled(id, reason),
  'error:invalid': (listener, [event, error]) => {
    const final = event === 'connect' ? finalError(error) : undefined;
    if (final) listener.refused(final);
    else listener.invalid(event, error);
  },
};

/** The names under which the queen speaks. */
export const queenNames: readonly string[] = [...Object.keys(said), 'many'];

/** Has a listener hear what the queen says: of `many` each message, in their order. What is not known is passed over. */
export function hearQueen(listener: LinkListener, name: string, args: readonly unknown[]): void {
  if (name === 'many') for (const [each, ...rest] of messagesIn(args[0])) hearOne(listener, each, rest);
  else hearOne(listener, name, args);
}

function hearOne(listener: LinkListener, name: string, args: readonly unknown[]): void {
  if (Object.hasOwn(said, name)) said[name]?.(listener, args);
}

/** The error in what the queen said, if it is one that stays. */
export function finalError(body: unknown): SkepError | undefined {
  const { data } = ErrorBody.safeParse(body);
  return data && finalCodes.has(data.code) ? SkepError.fromBody(data) : undefined;
}
