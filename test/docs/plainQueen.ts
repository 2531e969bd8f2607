import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AssignedJob, attemptEventNames, DroneInfo, droneMessages, JobId, parseAs, parseAttemptEvent } from '@skep/protocol';
import { Server, type Socket } from 'socket.io';

/** What a drone said, checked against the protocol. */
export interface Said {
  event: string;
  args: unknown[];
}

/** As much of a queen as a plain drone sees: asks, gives jobs, listens, and holds every word against the protocol. */
export class PlainQueen {
  readonly said: Said[] = [];
  readonly errors: unknown[] = [];
  #http = createServer();
  #io = new Server(this.#http);
  #drone: Socket | undefined;
  #wake: (() => void)[] = [];

  /** Listens on a free port. */
  async start(): Promise<string> {
    this.#io.of('/drone').on('connection', (socket) => this.#join(socket));
    await once(this.#http.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  #join(socket: Socket): void {
    this.#drone = socket;
    socket.onAny((event: string, ...args: unknown[]) => {
      try {
        this.#check(event, args);
      } catch (error) {
        this.errors.push(error);
      }
      this.said.push({ event, args });
      for (const wake of this.#wake.splice(0)) wake();
    });
    socket.emit('drone:query-info');
  }

  #check(event: string, args: unknown[]): void {
    if (event === 'drone:info') return void parseAs(DroneInfo, args[0], event);
    if (Object.hasOwn(droneMessages, event)) return void parseAs(droneMessages[event as 'drone:keep-alive'], args, event);
    parseAs(JobId, args[0], `the id of ${event}`);
    parseAttemptEvent(event, args.slice(1));
  }

  tell(event: string, ...args: unknown[]): void {
    this.#drone?.emit(event, ...args);
  }

  give(job: Partial<AssignedJob> & { id: string }): void {
    this.tell('queue:new', { job_id: job.id, attempt: 1, lease: 1, assigned: Date.now(), ...job });
  }

  /** Breaks the connection under the drone, which has to come back by itself. */
  breakConnection(): void {
    this.#drone?.conn.close();
  }

  /** Resolved as soon as the drone has said something that fits, with all the arguments. */
  async until(event: string, fits: (args: unknown[]) => boolean = () => true, from = 0): Promise<unknown[]> {
    for (;;) {
      const found = this.said.slice(from).find((said) => said.event === event && fits(said.args));
      if (found) return found.args;
      await new Promise<void>((wake) => this.#wake.push(wake));
    }
  }

  /** What was said of a job, output joined by command, without timestamps. */
  of(id: string): unknown[][] {
    const events: unknown[][] = [];
    for (const { event, args } of this.said.filter(
      ({ args: [of], event: name }) => of === id && attemptEventNames.some((known) => known === name),
    )) {
      const rest = args.slice(1).filter((arg) => !(typeof arg === 'number' && arg > 1e12));
      const last = events.at(-1);
      if (/^job:cmd:std/.test(event) && last?.[0] === event && last[1] === rest[0]) last[2] = `${last[2]}${rest[1]}`;
      else events.push([event, ...rest]);
    }
    return events;
  }

  async close(): Promise<void> {
    await this.#io.close();
  }
}
