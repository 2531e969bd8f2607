import { type HookFilter, type HooksAnswer, type JobNotice, SkepError } from '@skep/protocol';
import type { Socket } from 'socket.io';
import { isWanted, Notices, type Numbered } from './Notices.js';
import { Unread } from './Unread.js';

interface Subscription {
  filter: HookFilter;
  /** The number of the newest notice whose place it was told. */
  told: number;
}

/** The hooks of callers: tells each the notices that it asked for. */
export class HookDesk {
  readonly #notices = new Notices();
  readonly #callers = new Map<Socket, Map<string, Subscription>>();
  /** Whether anybody ever asked: until then nothing is kept. */
  #isUsed = false;

  constructor(private readonly maxWatches: number) {}

  /** Begins a subscription, in place of the one of that name; what was missed and is still kept comes at once. @throws TOO_MANY_WATCHES */
  watch(socket: Socket, key: string, filter: HookFilter): HooksAnswer {
    const subscriptions = this.#callers.get(socket) ?? new Map<string, Subscription>();
    if (!subscriptions.has(key) && subscriptions.size >= this.maxWatches)
      throw new SkepError('TOO_MANY_WATCHES', `This connection has ${subscriptions.size} hooks; that is maxWatches`);
    this.#isUsed = true;
    this.#callers.set(socket, subscriptions);
    const { place } = this.#notices;
    const { notices, missed } = this.#notices.since(filter);
    const subscription = { filter, told: place.number };
    subscriptions.set(key, subscription);
    for (const numbered of notices) this.#say(socket, key, numbered);
    return { place, missed };
  }

  unwatch(socket: Socket, key: string): void {
    const subscriptions = this.#callers.get(socket);
    subscriptions?.delete(key);
    if (subscriptions?.size === 0) this.#callers.delete(socket);
  }

  /** A caller is gone. */
  forget(socket: Socket): void {
    this.#callers.delete(socket);
  }

  /** Tells all who asked for this. One who does not read is cut off: it comes back with its place. */
  tell(notice: JobNotice): void {
    if (!this.#isUsed) return;
    const numbered = this.#notices.add(notice);
    for (const [socket, subscriptions] of this.#callers) {
      if (Unread.of(socket.conn).isTooMuch) {
        this.#callers.delete(socket);
        socket.conn.close();
        continue;
      }
      for (const [key, subscription] of subscriptions) {
        const wanted = isWanted(subscription.filter, notice);
        if (!wanted && numbered.number - subscription.told < this.#notices.farBehind) continue;
        subscription.told = numbered.number;
        this.#say(socket, key, wanted ? numbered : { number: numbered.number });
      }
    }
  }

  #say(socket: Socket, key: string, { number, notice }: { number: number; notice?: Numbered['notice'] }): void {
    const { life } = this.#notices.place;
    socket.emit('job:hook', key, { life, number }, ...(notice ? [notice] : []));
  }
}
