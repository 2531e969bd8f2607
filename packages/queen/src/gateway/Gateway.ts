import type { EventEmitter } from 'node:events';
import type { DroneSummary, JobNotice, JobSummary, Limits, Platform, Schedule } from '@skep/protocol';
import type { EventRun, Store } from '@skep/store';
import type { Logger } from 'pino';
import type { Server } from 'socket.io';
import type { Access } from '../http/access.js';
import type { Announcer, Coordination } from '../ports.js';
import type { JobReader } from '../reads/JobReader.js';
import type { LastLines } from '../reads/LastLines.js';
import { admit } from './admission.js';
import { CallerGate } from './CallerGate.js';
import { DroneGate } from './DroneGate.js';
import { DroneNews } from './DroneNews.js';
import { checkGreeting } from './DroneSessions.js';
import { plainArgs } from './eventArgs.js';
import { gatherWrites } from './gatherWrites.js';
import type { Hub } from './Hub.js';
import { JobNews } from './JobNews.js';
import type { LocalHooks } from './LocalHooks.js';
import { Recent } from './Recent.js';

/** What the gateway measures; the metrics of the queen implement it. */
export interface GatewayMeter {
  invalidMessage(name: string): void;
  socketOpened(namespace: '/' | '/drone'): void;
  socketClosed(namespace: '/' | '/drone'): void;
}

export interface GatewayOptions {
  io: Server;
  coordination: Coordination;
  reader: Pick<JobReader, 'info' | 'summary'>;
  store: Pick<Store, 'events'>;
  hub: Hub;
  access: Pick<Access, 'check' | 'onTokenDropped'>;
  limits: Limits;
  /** Milliseconds without a sign of life after which a plain drone is gone. */
  silenceMs: number;
  meter: GatewayMeter;
  log: Logger;
}

/** What those who embed the queen may listen for. */
export interface QueenEvents {
  /** Whatever goes to browsers, under its name and with its arguments. */
  browser: [event: string, args: unknown[]];
  'job:done': [job: JobSummary];
  'drone:created': [drone: DroneSummary];
  'drone:died': [id: string];
}

/** How often those who watch the queue are told what running jobs wrote last, in ms. */
const LINES_MS = 1000;

/** What the coordinator says, passed on: to drones, to whoever watches a job, to those who watch the queue, and within the process. */
export class Gateway implements Announcer {
  readonly #recent = new Recent();
  readonly #droneNews = new DroneNews((summary) => this.#tellQueue('drone:changed', summary));
  readonly #jobNews = new JobNews((summary) => this.#tellQueue('job:summary', summary.id, summary));
  #gates: Gates | undefined;
  #lineTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly hub: Hub,
    private readonly lines: LastLines,
    private readonly emitter: EventEmitter<QueenEvents>,
    private readonly hooks: LocalHooks,
  ) {}

  /** Opens the gates; only then can anybody speak to the queen. */
  open(options: GatewayOptions): void {
    this.#gates = openGates(options, this.#recent);
    this.#lineTimer = setInterval(() => this.#tellLines(options.coordination), LINES_MS).unref();
  }

  close(): void {
    clearInterval(this.#lineTimer);
    this.#droneNews.close();
    this.#jobNews.close();
    this.#gates?.drones.close();
    this.#gates?.callers.close();
  }

  tellDrone(droneId: string, message: 'queue:new' | 'job:cancel', ...args: unknown[]): void {
    this.#gates?.drones.tell(droneId, message, args);
  }

  dropDrone(droneId: string, linkId: string): void {
    this.#gates?.drones.drop(droneId, linkId);
  }

  eventsAdded(jobId: string, run: EventRun): void {
    this.#recent.heard(jobId, run);
    this.hub.tell(jobId, { run });
    this.lines.heard(jobId, run);
    if (this.emitter.listenerCount('browser') === 0) return;
    for (const event of run.events) this.emitter.emit('browser', event.name, [jobId, ...plainArgs(event)]);
  }

  jobChanged(changed: JobSummary): void {
    const { id, status } = changed;
    if (status !== 'running') this.lines.forget(id);
    const summary = withLine(changed, this.lines.of(id));
    this.#recent.changed(summary);
    this.hub.tell(id, { summary });
    this.#jobNews.changed(summary);
  }

  jobNotice(notice: JobNotice): void {
    this.hooks.tell(notice);
    this.#gates?.callers.tellHooks(notice);
  }

  jobDone(summary: JobSummary): void {
    this.emitter.emit('job:done', summary);
  }

  droneJoined(summary: DroneSummary): void {
    this.#droneNews.supersede(summary.id);
    this.#tellQueue('drone:joined', summary);
    this.emitter.emit('drone:created', summary);
  }

  droneChanged(summary: DroneSummary): void {
    this.#droneNews.changed(summary);
  }

  droneDied(droneId: string): void {
    this.#droneNews.supersede(droneId);
    this.#tellQueue('drone:died', droneId);
    this.emitter.emit('drone:died', droneId);
  }

  droneForgotten(droneId: string): void {
    this.#droneNews.supersede(droneId);
    this.#tellQueue('drone:forgotten', droneId);
  }

  scheduleChanged(schedule: Schedule): void {
    this.#tellQueue('schedule:changed', schedule);
  }

  scheduleRemoved(name: string): void {
    this.#tellQueue('schedule:removed', name);
  }

  platformChanged(platform: Platform): void {
    this.#tellQueue('platform:changed', platform);
  }

  /** What running jobs wrote last, to those who watch the queue; who watches such a job itself sees it all. */
  #tellLines(coordination: Pick<Coordination, 'told'>): void {
    for (const id of this.lines.changed()) {
      const summary = coordination.told(id);
      if (summary?.status === 'running') this.#jobNews.changed(withLine(summary, this.lines.of(id)));
    }
  }

  #tellQueue(event: string, ...args: unknown[]): void {
    this.#gates?.callers.tellQueue(event, ...args);
    if (this.emitter.listenerCount('browser') > 0) this.emitter.emit('browser', event, args);
  }
}

const withLine = (summary: JobSummary, lastLine: string | undefined): JobSummary =>
  lastLine === undefined ? summary : { ...summary, lastLine };

interface Gates {
  drones: DroneGate;
  callers: CallerGate;
}

/** Opens the gates for drones and callers on a Socket.IO server. */
function openGates({ io, coordination, reader, store, hub, access, limits, silenceMs, meter, log }: GatewayOptions, recent: Recent): Gates {
  const { maxConnections, maxEventRate, maxWatches } = limits;
  const onRefused = (name: string): void => meter.invalidMessage(name);
  gatherWrites(io);
  const droneSide = io.of('/drone');
  const callerSide = io.of('/');
  admit(droneSide, { access, scope: 'drone', maxConnections, check: ({ handshake }) => checkGreeting(handshake.auth) });
  admit(callerSide, { access, scope: 'admin', maxConnections });
  for (const [name, namespace] of [
    ['/drone', droneSide],
    ['/', callerSide],
  ] as const) {
    namespace.on('connection', (socket) => {
      meter.socketOpened(name);
      socket.on('disconnect', () => meter.socketClosed(name));
      // The first request is not needed any more; keeping it would cost each idle drone some KiB.
      Reflect.deleteProperty(socket.conn, 'request');
    });
  }
  return {
    drones: new DroneGate({ namespace: droneSide, ear: coordination, maxEventRate, silenceMs, onRefused, log }),
    callers: new CallerGate({
      namespace: callerSide,
      desk: coordination,
      reader,
      store,
      hub,
      recent,
      maxEventRate,
      maxWatches,
      onRefused,
      log,
    }),
  };
}
