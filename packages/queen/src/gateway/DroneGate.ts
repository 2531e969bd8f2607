import type { Logger } from 'pino';
import type { Namespace, Socket } from 'socket.io';
import { systemClock } from '../clock.js';
import type { DroneEar } from '../ports.js';
import { DroneSessions } from './DroneSessions.js';
import { listen } from './listen.js';
import { offerMany, peerOf } from './many.js';

export interface DroneGateOptions {
  namespace: Namespace;
  ear: DroneEar;
  maxEventRate: number;
  /** Milliseconds without a sign of life after which a plain drone is gone. */
  silenceMs: number;
  onRefused: (name: string) => void;
  log: Logger;
}

/** The sockets of drones: hears what they say, says what they are told, and ends those that fell silent. */
export class DroneGate {
  readonly #options: DroneGateOptions;
  readonly #sessions: DroneSessions;
  readonly #sweep: NodeJS.Timeout;

  constructor(options: DroneGateOptions) {
    this.#options = options;
    this.#sessions = new DroneSessions({ ear: options.ear, clock: systemClock, silenceMs: options.silenceMs });
    options.namespace.on('connection', (socket) => this.#welcome(socket));
    this.#sweep = setInterval(() => this.#sessions.endSilent(), Math.max(options.silenceMs / 4, 10));
    this.#sweep.unref();
  }

  close(): void {
    clearInterval(this.#sweep);
  }

  tell(droneId: string, message: string, args: unknown[]): void {
    this.#sessions.tell(droneId, message, args);
  }

  /** Ends a connection; if another drone has taken its place, it is told that it must not come back so. */
  drop(droneId: string, linkId: string): void {
    this.#sessions.drop(droneId, linkId);
  }

  #welcome(socket: Socket): void {
    const { maxEventRate, onRefused, log } = this.#options;
    offerMany(socket);
    const session = this.#sessions.open(peerOf(socket), socket.handshake.auth);
    // Any message and any answer to Socket.IO's own ping.
    socket.conn.on('packet', () => this.#sessions.heard(session));
    listen(socket, { handle: (name, args) => this.#sessions.handle(session, name, args), onRefused, maxEventRate, log });
    socket.on('disconnect', (reason) => this.#sessions.close(session, reason === 'client namespace disconnect'));
  }
}
