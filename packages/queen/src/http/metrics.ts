import {
  attemptEventNames,
  callerMessages,
  type DroneState,
  DroneState as DroneStates,
  type DroneSummary,
  droneMessages,
  type JobStatus,
} from '@skep/protocol';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const knownMessages = new Set<string>([...attemptEventNames, ...Object.keys(droneMessages), ...Object.keys(callerMessages), 'connect']);
const SHORT_S = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
const LONG_S = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14_400];
const toSeconds = (ms: number): number => Math.max(0, ms) / 1000;

/** What is counted when it is asked for. */
export interface MetricsNow {
  jobs: Record<Exclude<JobStatus, 'done'>, number>;
  drones: readonly Pick<DroneSummary, 'state'>[];
  /** Undefined where the store does not say. */
  storeBytes: number | undefined;
}

/** The figures of one queen, in a registry of its own: two queens in one process do not mix theirs. Durations come in as ms. */
export class QueenMetrics {
  private readonly registry = new Registry();
  private readonly common = { registers: [this.registry] };
  private readonly jobs = new Gauge({ ...this.common, name: 'skep_jobs', help: 'Jobs that are not done.', labelNames: ['status'] });
  private readonly drones = new Gauge({ ...this.common, name: 'skep_drones', help: 'Drones that are known.', labelNames: ['state'] });
  private readonly storeSize = new Gauge({ ...this.common, name: 'skep_store_bytes', help: 'Bytes of the store on disk.' });
  private readonly sockets = new Gauge({ ...this.common, name: 'skep_sockets', help: 'Open sockets.', labelNames: ['namespace'] });
  private readonly done = new Counter({ ...this.common, name: 'skep_jobs_done_total', help: 'Jobs done.', labelNames: ['outcome'] });
  private readonly events = new Counter({ ...this.common, name: 'skep_events_stored_total', help: 'Events of attempts stored.' });
  private readonly output = new Counter({ ...this.common, name: 'skep_output_stored_bytes_total', help: 'Bytes of output stored.' });
  private readonly invalid = new Counter({
    ...this.common,
    name: 'skep_invalid_messages_total',
    help: 'Messages refused, by name; `other` for names that are not spoken here.',
    labelNames: ['name'],
  });
  private readonly wait = new Histogram({
    ...this.common,
    name: 'skep_job_wait_seconds',
    help: 'From submission to the start of the latest attempt.',
    buckets: LONG_S,
  });
  private readonly run = new Histogram({
    ...this.common,
    name: 'skep_job_run_seconds',
    help: 'How long the latest attempts of jobs ran.',
    buckets: LONG_S,
  });
  private readonly commits = new Histogram({
    ...this.common,
    name: 'skep_commit_seconds',
    help: 'From asking the store to its word that all is durable.',
    buckets: SHORT_S,
  });
  private readonly requests = new Histogram({
    ...this.common,
    name: 'skep_http_request_seconds',
    help: 'Requests over HTTP, to the first byte of the answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: SHORT_S,
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** A job is done; `waitedMs` until its latest attempt started, `ranMs` from then on. */
  jobDone(outcome: string, waitedMs: number, ranMs: number): void {
    this.done.inc({ outcome });
    this.wait.observe(toSeconds(waitedMs));
    this.run.observe(toSeconds(ranMs));
  }

  eventsStored(count: number, bytes: number): void {
    this.events.inc(count);
    this.output.inc(bytes);
  }

  /** A message was refused. Names that are not spoken here are counted together, so that no peer can make figures without end. */
  invalidMessage(name: string): void {
    this.invalid.inc({ name: knownMessages.has(name) ? name : 'other' });
  }

  committed(durationMs: number): void {
    this.commits.observe(toSeconds(durationMs));
  }

  socketOpened(namespace: '/' | '/drone'): void {
    this.sockets.inc({ namespace });
  }

  socketClosed(namespace: '/' | '/drone'): void {
    this.sockets.dec({ namespace });
  }

  /** `route` is the route's pattern, never an address. */
  requestAnswered(method: string, route: string, status: number, tookMs: number): void {
    this.requests.observe({ method, route, status: String(status) }, toSeconds(tookMs));
  }

  readonly contentType: string = this.registry.contentType;

  /** All figures in the text form of Prometheus. */
  text({ jobs, drones, storeBytes }: MetricsNow): Promise<string> {
    for (const [status, count] of Object.entries(jobs)) this.jobs.set({ status }, count);
    const counts = new Map<DroneState, number>(DroneStates.options.map((state) => [state, 0]));
    for (const { state } of drones) counts.set(state, (counts.get(state) ?? 0) + 1);
    for (const [state, count] of counts) this.drones.set({ state }, count);
    if (storeBytes !== undefined) this.storeSize.set(storeBytes);
    return this.registry.metrics();
  }
}
