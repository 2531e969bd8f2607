import {
  callerMessages,
  Gathering,
  type JobNotice,
  type JobSummary,
  parseAs,
  SkepError,
  type Spoken,
  sayMany,
  type WatchOptions,
} from '@skep/protocol';
import type { Store } from '@skep/store';
import type { Logger } from 'pino';
import type { Namespace, Socket } from 'socket.io';
import { holdsBytes } from '../holdsBytes.js';
import type { JobDesk } from '../ports.js';
import type { JobReader } from '../reads/JobReader.js';
import { HookDesk } from './HookDesk.js';
import type { Hub } from './Hub.js';
import { type Ack, listen } from './listen.js';
import { offerMany, takesMany } from './many.js';
import { Outlet } from './Outlet.js';
import type { Recent } from './Recent.js';
import { Unread } from './Unread.js';
import { Watch } from './Watch.js';

/** The rooms of those who watch the queue: message by message, and as `many`. */
const QUEUE = 'queue';
const QUEUE_MANY = 'queue many';
/** How often the watchers of jobs that wait are told their new place in line, in ms. */
const PLACES_MS = 1000;

export interface CallerGateOptions {
  namespace: Namespace;
  desk: JobDesk;
  reader: Pick<JobReader, 'info' | 'summary'>;
  store: Pick<Store, 'events'>;
  hub: Hub;
  recent: Recent;
  maxEventRate: number;
  maxWatches: number;
  onRefused: (name: string) => void;
  log: Logger;
}

/** A connected caller or browser, and what it watches. */
interface Caller {
  socket: Socket;
  outlet: Outlet;
  watches: Map<string, Watch>;
}

/** The sockets of callers and browsers. */
export class CallerGate {
  readonly #options: CallerGateOptions;
  readonly #callers = new Set<Caller>();
  /** Those who watch the queue. */
  readonly #audience = new Set<Caller>();
  /** What those are about to be told. */
  readonly #queueNews = new Gathering(
    (messages) => this.#tellAudience(messages),
    (call) => process.nextTick(call),
  );
  readonly #hooks: HookDesk;
  readonly #places: NodeJS.Timeout;

  constructor(options: CallerGateOptions) {
    this.#options = options;
    this.#hooks = new HookDesk(options.maxWatches);
    options.namespace.on('connection', (socket) => this.#welcome(socket));
    this.#places = setInterval(() => this.#tellPlaces(), PLACES_MS);
    this.#places.unref();
  }

  close(): void {
    clearInterval(this.#places);
  }

  /** Says something to all who watch the queue. One who does not read is told no more, and begins anew when it has read. */
  tellQueue(event: string, ...args: unknown[]): void {
    if (this.#audience.size > 0) this.#queueNews.add({ name: event, args });
  }

  /** Tells a notice to all whose hooks ask for it. */
  tellHooks(notice: JobNotice): void {
    this.#hooks.tell(notice);
  }

  #tellAudience(messages: readonly Spoken[]): void {
    for (const caller of this.#audience) if (Unread.of(caller.socket.conn).isTooMuch) this.#leaveBehind(caller);
    const { namespace } = this.#options;
    const { rooms } = namespace.adapter;
    // Encoding costs even where nobody listens.
    if (rooms.has(QUEUE)) for (const { name, args } of messages) namespace.to(QUEUE).emit(name, ...args);
    if (rooms.has(QUEUE_MANY)) sayMany(messages, ({ name, args }) => namespace.to(QUEUE_MANY).emit(name, ...args));
  }

  #leaveBehind(caller: Caller): void {
    this.#leave(caller);
    const { conn } = caller.socket;
    const closeWhenRead = (): void => {
      if (Unread.of(conn).isTooMuch) conn.once('drain', closeWhenRead);
      else conn.close();
    };
    conn.once('drain', closeWhenRead);
  }

  #leave(caller: Caller): void {
    this.#audience.delete(caller);
    void caller.socket.leave(queueOf(caller));
  }

  #welcome(socket: Socket): void {
    const { maxEventRate, onRefused, log } = this.#options;
    offerMany(socket);
    const caller: Caller = { socket, outlet: new Outlet(socket), watches: new Map() };
    this.#callers.add(caller);
    listen(socket, { handle: (name, args, ack) => this.#handle(caller, name, args, ack), onRefused, maxEventRate, log });
    socket.on('disconnect', () => {
      this.#callers.delete(caller);
      this.#audience.delete(caller);
      this.#hooks.forget(socket);
      for (const watch of caller.watches.values()) watch.stop();
    });
  }

  #handle(caller: Caller, name: string, args: unknown[], ack: Ack): unknown {
    const { desk } = this.#options;
    switch (name) {
      case 'queue:new':
        // The coordinator checks the job itself: it may have Strider's form.
        if (args.length !== 1) throw new SkepError('INVALID_MESSAGE', `queue:new takes one argument, the job; ${args.length} were given`);
        if (holdsBytes(args[0])) throw new SkepError('INVALID_JOB', 'The job is not valid: it holds bytes, and a job is JSON');
        return desk.submit(args[0]);
      case 'job:cancel': {
        const [id, reason] = parseAs(callerMessages[name], args, name);
        return desk.cancel(id, reason ?? undefined);
      }
      case 'job:query-info':
        return this.#tellInfo(caller, parseAs(callerMessages[name], args, name)[0]);
      case 'job:watch': {
        const [id, where] = parseAs(callerMessages[name], args, name);
        return this.#watch(caller, id, typeof where === 'number' ? { cursor: where } : (where ?? {}), ack);
      }
      case 'job:unwatch':
        this.#unwatch(caller, parseAs(callerMessages[name], args, name)[0]);
        return {};
      case 'queue:watch':
        parseAs(callerMessages[name], args, name);
        this.#audience.add(caller);
        void caller.socket.join(queueOf(caller));
        return {};
      case 'hooks:watch': {
        const [key, filter] = parseAs(callerMessages[name], args, name);
        return this.#hooks.watch(caller.socket, key, filter ?? {});
      }
      case 'hooks:unwatch':
        this.#hooks.unwatch(caller.socket, parseAs(callerMessages[name], args, name)[0]);
        return {};
      case 'queue:unwatch':
        parseAs(callerMessages[name], args, name);
        this.#leave(caller);
        return {};
      default:
        throw new SkepError('UNKNOWN_EVENT', `No event is called ${name.slice(0, 100)}`);
    }
  }

  async #tellInfo({ socket }: Caller, id: string): Promise<unknown> {
    const info = await this.#options.reader.info(id);
    socket.emit('job:info', id, info);
    return info;
  }

  async #watch(caller: Caller, jobId: string, { cursor = 0, frames = false }: WatchOptions, ack: Ack): Promise<unknown> {
    const { desk, hub, recent, store, reader, maxWatches, log } = this.#options;
    const { socket, outlet, watches } = caller;
    this.#unwatch(caller, jobId);
    if (watches.size >= maxWatches)
      throw new SkepError('TOO_MANY_WATCHES', `This connection watches ${watches.size} jobs; that is maxWatches`);
    const onEnd = (error?: unknown): void => {
      if (watches.get(jobId) === watch) watches.delete(jobId);
      if (error === undefined) return;
      log.error({ err: error, jobId }, 'a watch failed');
      socket.emit('error:invalid', 'job:watch', new SkepError('STORE_FAILED', `Job ${jobId} could not be read`).toBody(), jobId);
    };
    // Listening begins before the first look, so that nothing falls between the two.
    const watch = new Watch({ socket, outlet, jobId, cursor, frames, store, recent, hub, onEnd });
    watches.set(jobId, watch);
    let summary: JobSummary;
    try {
      summary = desk.told(jobId) ?? recent.done(jobId) ?? (await reader.summary(jobId));
    } catch (error) {
      this.#unwatch(caller, jobId);
      throw error;
    }
    ack?.({ cursor });
    watch.begin(summary);
    return undefined;
  }

  #unwatch({ watches }: Caller, jobId: string): void {
    watches.get(jobId)?.stop();
    watches.delete(jobId);
  }

  #tellPlaces(): void {
    for (const { watches } of this.#callers) {
      for (const watch of watches.values()) {
        const { summary } = watch;
        if (summary?.status !== 'queued') continue;
        const waiting = this.#options.desk.waiting(summary.id);
        if (waiting && JSON.stringify(waiting) !== JSON.stringify(summary.waiting)) watch.tellSummary({ ...summary, waiting });
      }
    }
  }
}

const queueOf = ({ socket }: Caller): string => (takesMany(socket) ? QUEUE_MANY : QUEUE);
