import { checkShape, type ErrorBody, SkepError, toSkepError } from '@skep/protocol';
import type { Logger } from 'pino';
import type { Socket } from 'socket.io';

/** Answers a message: with its result through the ack, where one was asked for. */
export type Ack = ((answer: unknown) => void) | undefined;

export interface ListenOptions {
  /** Deals with one message; what it returns is the answer, undefined if it has answered itself. Throws SkepErrors, which are handed back by name. */
  handle: (name: string, args: unknown[], ack: Ack) => unknown;
  /** Called for every message that is refused. */
  onRefused: (name: string) => void;
  /** Messages a second that one socket may send. */
  maxEventRate: number;
  log: Logger;
}

/**
 * Hears every message of a socket in one place. Whatever is wrong with one is answered (by ack, else as `error:invalid`),
 * counted, and ends neither the connection nor the process.
 */
export function listen(socket: Socket, { handle, onRefused, maxEventRate, log }: ListenOptions): void {
  const mayPass = rateGate(maxEventRate);
  // Socket.IO lets numbers pass as names too.
  socket.onAny((spoken: unknown, ...raw: unknown[]) => {
    const name = String(spoken);
    const ack = typeof raw.at(-1) === 'function' ? (raw.pop() as NonNullable<Ack>) : undefined;
    const refuse = (thrown: unknown): void => {
      const error = toSkepError(thrown);
      if (error.code === 'INTERNAL') log.error({ err: error.cause, event: name }, 'a message could not be dealt with');
      onRefused(name);
      refuseMessage(socket, name, ack, error.toBody());
    };
    try {
      if (!mayPass()) throw new SkepError('RATE_LIMITED', `More than ${maxEventRate} messages in a second; that is maxEventRate`);
      checkShape(raw, name.slice(0, 100));
      const answer = handle(name, raw, ack);
      if (answer instanceof Promise) answer.then((value: unknown) => value !== undefined && ack?.(value), refuse);
      else ack?.(answer);
    } catch (thrown) {
      refuse(thrown);
    }
  });
}

function refuseMessage(socket: Socket, name: string, ack: Ack, error: ErrorBody): void {
  if (ack) ack({ error });
  else socket.emit('error:invalid', name.slice(0, 100), error);
}

/** Lets so many pass in each second. */
function rateGate(maxPerSecond: number): () => boolean {
  let second = 0;
  let count = 0;
  return () => {
    const now = Math.trunc(performance.now() / 1000);
    if (now !== second) {
      second = now;
      count = 0;
    }
    count += 1;
    return count <= maxPerSecond;
  };
}
