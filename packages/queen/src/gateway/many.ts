import { checkShape, Gathering, MAX_DEPTH, ManyMessages, parseAs, type Spoken, sayMany } from '@skep/protocol';
import type { Socket } from 'socket.io';
import { z } from 'zod';
import type { DronePeer } from './DroneSessions.js';
import type { Ack } from './listen.js';

const Arguments = z.tuple([ManyMessages]);

/** Whether a peer has said, as it came, that it takes and says `many`. */
export const takesMany = (socket: Socket): boolean => socket.handshake.auth.many === true;

/** Tells a peer that takes `many` that the queen takes it too. */
export function offerMany(socket: Socket): void {
  if (takesMany(socket)) socket.emit('many', []);
}

/** How many messages a `many` counts for. */
export const countMany = ([messages]: readonly unknown[]): number => (Array.isArray(messages) ? Math.max(1, messages.length) : 1);

/**
 * Has each message of a `many` dealt with by itself, one after another: what becomes of one is nothing to the others. The
 * answer is the list of their answers, when all of them are there.
 * @throws {SkepError} INVALID_MESSAGE, and none was heard
 */
export function hearMany(raw: unknown[], ack: Ack, hear: (name: string, args: unknown[], ack: Ack) => void): void {
  // Two levels deeper than each message is.
  checkShape(raw, 'many', { maxDepth: MAX_DEPTH + 2 });
  const [messages] = parseAs(Arguments, raw, 'many');
  const answers: unknown[] = messages.map(() => undefined);
  let left = messages.length;
  if (left === 0) ack?.(answers);
  for (const [index, [name, ...args]] of messages.entries()) {
    const answer = (given: unknown): void => {
      answers[index] = given;
      left -= 1;
      if (left === 0) ack?.(answers);
    };
    hear(name, args, ack && answer);
  }
}

/** A drone's socket as the gateway speaks to it: what it is told in one turn leaves together, where it takes that. */
export function peerOf(socket: Socket): DronePeer {
  return takesMany(socket) ? togetherTo(socket, (call) => process.nextTick(call)) : socket;
}

/** A line over which what is said in one turn leaves together. */
export function togetherTo(line: DronePeer, soon: (call: () => void) => void): DronePeer {
  const emit = ({ name, args }: Spoken): unknown => line.emit(name, ...args);
  const gathering = new Gathering((messages) => sayMany(messages, emit), soon);
  return {
    id: line.id,
    conn: line.conn,
    emit: (name, ...args) => gathering.add({ name, args }),
    disconnect: (close) => {
      gathering.flush();
      line.disconnect(close);
    },
  };
}
