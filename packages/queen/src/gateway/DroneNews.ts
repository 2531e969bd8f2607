import type { DroneSummary } from '@skep/protocol';

/** How often at most the change of one drone is told, in ms: a busy one changes thousands of times a second, and nobody sees more. */
const REST_MS = 100;

/** Tells how drones change: each first change at once, what follows soon after it only as what it led to. */
export class DroneNews {
  /** What is to be told of each drone of which something was told just now; null if nothing. */
  readonly #resting = new Map<string, DroneSummary | null>();

  constructor(private readonly tell: (summary: DroneSummary) => void) {}

  changed(summary: DroneSummary): void {
    const { id } = summary;
    if (this.#resting.has(id)) {
      this.#resting.set(id, summary);
      return;
    }
    this.#resting.set(id, null);
    setTimeout(() => this.#rested(id), REST_MS).unref();
    this.tell(summary);
  }

  /** Something newer is told of a drone than that it changed. */
  supersede(id: string): void {
    if (this.#resting.has(id)) this.#resting.set(id, null);
  }

  /** Tells nothing more. */
  close(): void {
    this.#resting.clear();
  }

  #rested(id: string): void {
    const latest = this.#resting.get(id);
    this.#resting.delete(id);
    if (latest) this.changed(latest);
  }
}
