import {
  DroneGreeting,
  droneMessages,
  isAttemptEventName,
  JobId,
  PROTOCOL_VERSION,
  parseAs,
  parseAttemptEvent,
  SkepError,
} from '@skep/protocol';
import type { Logger } from 'pino';
import type { Namespace, Socket } from 'socket.io';
import { PASSING_ID } from '../passingId.js';
import type { DroneEar, DroneLink } from '../ports.js';
import { listen } from './listen.js';
import { splitOutput } from './splitOutput.js';

export interface DroneGateOptions {
  namespace: Namespace;
  ear: DroneEar;
  maxEventRate: number;
  /** Milliseconds without a sign of life after which a plain drone is gone. */
  silenceMs: number;
  onRefused: (name: string) => void;
  log: Logger;
}

/** A connected drone: who it is once it has said so, and when it was heard last. */
interface DroneSocket {
  socket: Socket;
  greeting: DroneGreeting;
  link: DroneLink | null;
  heardAt: number;
}

/** The sockets of drones: hears what they say, says what they are told, and ends those that fell silent. */
export class DroneGate {
  readonly #options: DroneGateOptions;
  readonly #sockets = new Map<string, DroneSocket>();
  readonly #byDrone = new Map<string, DroneSocket>();
  readonly #sweep: NodeJS.Timeout;

  constructor(options: DroneGateOptions) {
    this.#options = options;
    options.namespace.on('connection', (socket) => this.#welcome(socket));
    this.#sweep = setInterval(() => this.#endSilent(), Math.max(options.silenceMs / 4, 10));
    this.#sweep.unref();
  }

  close(): void {
    clearInterval(this.#sweep);
  }

  tell(droneId: string, message: string, args: unknown[]): void {
    this.#byDrone.get(droneId)?.socket.emit(message, ...args);
  }

  /** Ends a connection; with an error, the drone is told why, and that it must not come back so. */
  drop(droneId: string, linkId: string): void {
    const drone = this.#sockets.get(linkId);
    if (!drone) return;
    const heir = this.#byDrone.get(droneId);
    if (heir && heir !== drone && heir.greeting.session !== drone.greeting.session) {
      drone.socket.emit('error:invalid', 'connect', new SkepError('DRONE_REPLACED').toBody());
    }
    drone.socket.disconnect(true);
  }

  #welcome(socket: Socket): void {
    const { ear, maxEventRate, onRefused, log } = this.#options;
    const drone: DroneSocket = { socket, greeting: DroneGreeting.parse(socket.handshake.auth), link: null, heardAt: Date.now() };
    this.#sockets.set(socket.id, drone);
    // Any message and any answer to Socket.IO's own ping.
    socket.conn.on('packet', () => {
      drone.heardAt = Date.now();
    });
    listen(socket, { handle: (name, args) => this.#handle(drone, name, args), onRefused, maxEventRate, log });
    socket.on('disconnect', (reason) => {
      this.#sockets.delete(socket.id);
      if (!drone.link) return;
      if (this.#byDrone.get(drone.link.droneId) === drone) this.#byDrone.delete(drone.link.droneId);
      ear.droneGone(drone.link, reason === 'client namespace disconnect');
    });
    socket.emit('drone:query-info');
  }

  #handle(drone: DroneSocket, name: string, args: unknown[]): unknown {
    const { ear } = this.#options;
    if (name === 'drone:info') return this.#takeInfo(drone, args);
    const { link } = drone;
    if (!link) throw new SkepError('NOT_REGISTERED', `${name}: the drone has not said what it is`);
    ear.droneSeen(link);
    switch (name) {
      case 'drone:keep-alive':
        parseAs(droneMessages[name], args, name);
        return {};
      case 'drone:resume': {
        const [{ attempts }] = parseAs(droneMessages[name], args, name);
        return ear.droneResumes(link, attempts).then((verdicts) => ({ attempts: verdicts }));
      }
      case 'job:events': {
        const [frame] = parseAs(droneMessages[name], args, name);
        return ear.frame(link, frame).then((cursor) => ({ cursor }));
      }
      default:
        return this.#takePlainEvent(link, name, args);
    }
  }

  #takeInfo(drone: DroneSocket, args: unknown[]): object {
    const [info] = parseAs(droneMessages['drone:info'], args, 'drone:info');
    const ownId = drone.greeting.id ?? info.id;
    if (ownId?.startsWith(PASSING_ID)) throw new SkepError('INVALID_MESSAGE', `drone:info: an id must not begin with ${PASSING_ID}`);
    drone.link ??= {
      droneId: ownId ?? PASSING_ID + drone.socket.id,
      linkId: drone.socket.id,
      lasting: ownId !== undefined,
      packed: drone.greeting.protocol !== undefined,
    };
    this.#byDrone.set(drone.link.droneId, drone);
    this.#options.ear.droneInfo(drone.link, info);
    return {};
  }

  #takePlainEvent(link: DroneLink, name: string, [id, ...args]: unknown[]): object {
    if (!isAttemptEventName(name)) throw new SkepError('UNKNOWN_EVENT', `No event is called ${name.slice(0, 100)}`);
    const jobId = parseAs(JobId, id, `${name}: the job's id`);
    for (const event of splitOutput(parseAttemptEvent(name, args))) this.#options.ear.plainEvent(link, jobId, event);
    return {};
  }

  #endSilent(): void {
    const deadline = Date.now() - this.#options.silenceMs;
    for (const { socket, greeting, heardAt } of this.#sockets.values()) {
      // Drones of ours are watched by the transport's own pings, which are far more frequent.
      if (greeting.protocol === undefined && heardAt < deadline) socket.disconnect(true);
    }
  }
}

/** Whether a drone's handshake can be understood. @throws INVALID_MESSAGE, PROTOCOL_MISMATCH */
export function checkGreeting(socket: Socket): void {
  const greeting = parseAs(DroneGreeting, socket.handshake.auth, "The handshake's auth");
  if (greeting.protocol !== undefined && greeting.protocol !== PROTOCOL_VERSION) {
    throw new SkepError('PROTOCOL_MISMATCH', `The drone speaks protocol ${greeting.protocol}, this queen ${PROTOCOL_VERSION}`);
  }
  if (greeting.protocol !== undefined && greeting.id === undefined) {
    throw new SkepError('INVALID_MESSAGE', 'A drone that speaks the packed form must give its id');
  }
}
