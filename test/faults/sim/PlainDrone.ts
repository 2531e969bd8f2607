import type { AssignedJob, AttemptEvent } from '@skep/protocol';
import { Executor } from './Executor.js';
import { packed, type Written } from './Ledger.js';
import type { Line } from './Line.js';
import type { Info } from './PackedDrone.js';
import type { World } from './World.js';

/** How long it waits before it dials again, in ms. */
const RETRY_MS = 1000;

/** A drone in some other language: says events as they come, unacknowledged, and keeps nothing. */
export class PlainDrone {
  readonly #running = new Map<string, { executor: Executor; said: (event: AttemptEvent) => void }>();
  #line: Line | undefined;
  #life = 0;

  constructor(
    private readonly world: World,
    readonly info: Info,
    /** Whether it says its id, so that it can come back as itself. */
    private readonly hasId: boolean,
  ) {}

  get id(): string {
    return this.info.id;
  }

  get isUp(): boolean {
    return this.#life % 2 === 1;
  }

  readonly isEmpty = true;

  start(): void {
    if (this.isUp) return;
    this.world.trace.note(this.id, 'starts');
    this.#life += 1;
    this.#connect();
  }

  /** Whether it is connected by a line that works. */
  get isConnected(): boolean {
    return this.#line?.isOpen('queen') === true && this.#line.isOpen('peer');
  }

  /** Gone, with all that it ran. */
  crash(): void {
    if (!this.isUp) return;
    this.world.trace.note(this.id, 'crashes');
    this.#life += 1;
    for (const { executor } of this.#running.values()) executor.kill();
    this.#running.clear();
    this.#line?.cut('the drone was killed');
    this.#line = undefined;
  }

  killSupervisor(): void {
    this.crash();
  }

  /** One attempt dies under it. */
  killExecutor(): void {
    const [id, run] = [...this.#running][0] ?? [];
    if (id === undefined || !run) return;
    run.executor.kill();
    this.#running.delete(id);
    run.said({ name: 'job:errored', args: [{ code: 'executor-died', message: 'by chance' }, this.world.queenNow()] });
  }

  leave(): void {
    if (!this.isUp) return;
    this.#line?.close('peer', 'client namespace disconnect', true);
    this.#line = undefined;
    this.crash();
  }

  #connect(): void {
    const life = this.#life;
    const isSame = () => life === this.#life;
    const again = (why: string): void => {
      if (!isSame()) return;
      this.#line = undefined;
      // As Socket.IO's own client does: it does not come back where it was told to go.
      if (why !== 'io server disconnect') this.world.time.after(RETRY_MS, () => isSame() && this.#connect());
    };
    this.world.network.connect(
      this.id,
      {},
      {
        connected: (line) => {
          if (!isSame()) return line.close('peer', 'client namespace disconnect', true);
          this.#line = line;
          line.attach('peer', { hear: (name, args) => isSame() && this.#hear(name, args), gone: again });
        },
        failed: again,
      },
    );
  }

  #hear(name: string, args: unknown[]): void {
    if (name === 'drone:query-info') this.#line?.send('peer', 'drone:info', [this.#spoken()]);
    else if (name === 'queue:new') this.#run(args[0] as AssignedJob);
    else if (name === 'job:cancel') this.#running.get(args[0] as string)?.executor.abort({ code: 'cancelled', message: String(args[1]) });
  }

  #spoken(): Omit<Info, 'id'> & { id?: string } {
    const { id, ...info } = this.info;
    return { ...info, name: id, ...(this.hasId && { id }) };
  }

  #run(job: AssignedJob): void {
    const { world } = this;
    const { id, attempt, lease } = job;
    this.#running.get(id)?.executor.kill();
    const written: Omit<Written, 'compared'> = { jobId: id, attempt, lease, droneId: this.id, isPlain: true, events: [] };
    world.ledger.begin(written);
    const said = (event: AttemptEvent): void => {
      written.events.push(packed(0, event));
      this.#say(id, event);
    };
    const executor: Executor = new Executor(job, world.time, world.chance, world.queenNow, {
      said,
      ended: () => {
        if (this.#running.get(id)?.executor === executor) this.#running.delete(id);
      },
    });
    this.#running.set(id, { executor, said });
  }

  #say(id: string, { name, args }: AttemptEvent): void {
    this.#line?.send('peer', name, [id, ...args]);
  }
}
