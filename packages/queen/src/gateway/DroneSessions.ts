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
import type { Clock } from '../clock.js';
import { PASSING_ID } from '../passingId.js';
import type { DroneEar, DroneLink } from '../ports.js';
import { splitOutput } from './splitOutput.js';

/** The line to a drone: a socket, or what stands for one where a network is simulated. */
export interface DronePeer {
  /** New with every connection. */
  readonly id: string;
  emit(event: string, ...args: unknown[]): unknown;
  /** Ends the connection with a word: a client of Socket.IO's own does not come back then. */
  disconnect(close: true): unknown;
  /** Closes what carries the line, without a word: every client comes back by itself. */
  readonly conn: { close(): unknown };
}

export interface DroneSessionsOptions {
  ear: DroneEar;
  clock: Pick<Clock, 'now'>;
  /** Milliseconds without a sign of life after which a plain drone is gone. */
  silenceMs: number;
}

/** A connected drone: who it is once it has said so, and when it was heard last. */
export interface DroneSession {
  /** Greater than that of every connection before it. */
  readonly number: number;
  readonly peer: DronePeer;
  readonly greeting: DroneGreeting;
  link: DroneLink | null;
  heardAt: number;
}

/** What drones say and are told while they are connected, whatever it is that carries the messages. */
export class DroneSessions {
  readonly #options: DroneSessionsOptions;
  readonly #sessions = new Map<string, DroneSession>();
  readonly #byDrone = new Map<string, DroneSession>();
  #opened = 0;

  constructor(options: DroneSessionsOptions) {
    this.#options = options;
  }

  /** A drone has connected, with a greeting that `checkGreeting` let pass. */
  open(peer: DronePeer, greeting: unknown): DroneSession {
    const session: DroneSession = {
      number: ++this.#opened,
      peer,
      greeting: DroneGreeting.parse(greeting),
      link: null,
      heardAt: this.#options.clock.now(),
    };
    this.#sessions.set(peer.id, session);
    peer.emit('drone:query-info');
    return session;
  }

  /** Anything has come over the line, be it only an answer to a ping. */
  heard(session: DroneSession): void {
    session.heardAt = this.#options.clock.now();
  }

  /** Deals with a message. @returns the answer to it @throws {SkepError} why it is refused */
  handle(session: DroneSession, name: string, args: unknown[]): unknown {
    const { ear } = this.#options;
    if (name === 'drone:info') return this.#takeInfo(session, args);
    const { link } = session;
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

  /** The connection is gone; `clean` if the drone took its leave. */
  close({ peer, link }: DroneSession, clean: boolean): void {
    this.#sessions.delete(peer.id);
    if (!link) return;
    if (this.#byDrone.get(link.droneId)?.peer === peer) this.#byDrone.delete(link.droneId);
    this.#options.ear.droneGone(link, clean);
  }

  tell(droneId: string, message: string, args: unknown[]): void {
    this.#byDrone.get(droneId)?.peer.emit(message, ...args);
  }

  /** Ends a connection. The drone comes back, unless another has taken its place: then it is told that it must not. */
  drop(droneId: string, linkId: string): void {
    const session = this.#sessions.get(linkId);
    if (!session) return;
    const heir = this.#byDrone.get(droneId);
    if (!heir || heir === session) session.peer.conn.close();
    else this.#giveWay(session, heir);
  }

  /** Ends the connection of a drone for another of its name: its own next one, or that of another process, which it is told. */
  #giveWay(session: DroneSession, heir: DroneSession): void {
    if (heir.greeting.session !== session.greeting.session) {
      session.peer.emit('error:invalid', 'connect', new SkepError('DRONE_REPLACED').toBody());
    }
    session.peer.disconnect(true);
  }

  /** Ends the connections of plain drones that fell silent. */
  endSilent(): void {
    const deadline = this.#options.clock.now() - this.#options.silenceMs;
    for (const { peer, greeting, heardAt } of this.#sessions.values()) {
      // Drones of ours are watched by the transport's own pings, which are far more frequent.
      if (greeting.protocol === undefined && heardAt < deadline) peer.conn.close();
    }
  }

  #takeInfo(session: DroneSession, args: unknown[]): object {
    const { peer, greeting } = session;
    const [info] = parseAs(droneMessages['drone:info'], args, 'drone:info');
    const ownId = greeting.id ?? info.id;
    if (ownId?.startsWith(PASSING_ID)) throw new SkepError('INVALID_MESSAGE', `drone:info: an id must not begin with ${PASSING_ID}`);
    session.link ??= {
      droneId: ownId ?? PASSING_ID + peer.id,
      linkId: peer.id,
      lasting: ownId !== undefined,
      packed: greeting.protocol !== undefined,
    };
    const heir = this.#byDrone.get(session.link.droneId);
    if (heir && heir.number > session.number) {
      // Said before the other came, and heard after it: the line of one that is gone, most often.
      this.#giveWay(session, heir);
      return {};
    }
    this.#byDrone.set(session.link.droneId, session);
    try {
      this.#options.ear.droneInfo(session.link, info);
    } catch (error) {
      // Nobody would know of it, and it would not say what it is again.
      peer.conn.close();
      throw error;
    }
    return {};
  }

  #takePlainEvent(link: DroneLink, name: string, [id, ...args]: unknown[]): object {
    if (!isAttemptEventName(name)) throw new SkepError('UNKNOWN_EVENT', `No event is called ${name.slice(0, 100)}`);
    const jobId = parseAs(JobId, id, `${name}: the job's id`);
    for (const event of splitOutput(parseAttemptEvent(name, args))) this.#options.ear.plainEvent(link, jobId, event);
    return {};
  }
}

/** Whether a drone's greeting can be understood. @throws INVALID_MESSAGE, PROTOCOL_MISMATCH */
export function checkGreeting(auth: unknown): void {
  const greeting = parseAs(DroneGreeting, auth, "The handshake's auth");
  if (greeting.protocol !== undefined && greeting.protocol !== PROTOCOL_VERSION) {
    throw new SkepError('PROTOCOL_MISMATCH', `The drone speaks protocol ${greeting.protocol}, this queen ${PROTOCOL_VERSION}`);
  }
  if (greeting.protocol !== undefined && greeting.id === undefined) {
    throw new SkepError('INVALID_MESSAGE', 'A drone that speaks the packed form must give its id');
  }
}
