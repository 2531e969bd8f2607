import { checkShape, type ErrorBody, SkepError, toSkepError } from '@skep/protocol';
import type { Logger } from 'pino';
import type { Socket } from 'socket.io';
import { countMany, hearMany } from './many.js';

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
  const refuse = (name: string, ack: Ack, thrown: unknown): void => {
    const error = toSkepError(thrown);
    if (error.code === 'INTERNAL') log.error({ err: error.cause, event: name }, 'a message could not be dealt with');
    onRefused(name);
    refuseMessage(socket, name, ack, error.toBody());
  };
  const hear = (name: string, raw: unknown[], ack: Ack): void => {
    try {
      checkShape(raw, name.slice(0, 100));
      const answer = handle(name, raw, ack);
      if (answer instanceof Promise)
        answer.then(
          (value: unknown) => value !== undefined && ack?.(value),
          (thrown: unknown) => refuse(name, ack, thrown),
        );
      else ack?.(answer);
    } catch (thrown) {
      refuse(name, ack, thrown);
    }
  };
  socket.onAny((spoken: unknown, ...raw: unknown[]) => {
    // Socket.IO lets numbers pass as names too.
    const name = String(spoken);
    const ack = typeof raw.at(-1) === 'function' ? (raw.pop() as NonNullable<Ack>) : undefined;
    try {
      if (!mayPass(name === 'many' ? countMany(raw) : 1))
        throw new SkepError('RATE_LIMITED', `More than ${maxEventRate} messages in a second; that is maxEventRate`);
      if (name === 'many') hearMany(raw, ack, hear);
      else hear(name, raw, ack);
    } catch (thrown) {
      refuse(name, ack, thrown);
    }
  });
}

function refuseMessage(socket: Socket, name: string, ack: Ack, error: ErrorBody): void {
  if (ack) ack({ error });
  else socket.emit('error:invalid', name.slice(0, 100), error);
}

/** Lets so many pass in each second; of those that come together all, or none. */
function rateGate(maxPerSecond: number): (messages: number) => boolean {
  let second = 0;
  let count = 0;
  return (messages) => {
    const now = Math.trunc(performance.now() / 1000);
    if (now !== second) {
      second = now;
      count = 0;
    }
    // Else more than the limit that come together would never pass.
    const mayPass = count < maxPerSecond;
    count += messages;
    return mayPass;
  };
}
