import type { JobInfo } from '@skep/protocol';
import { Queen, type QueenOptions } from '@skep/queen';
import { Peer } from './Peer.js';
import { tempDir } from './tempDir.js';
import { until } from './until.js';

/** A real queen on a free port with a store of its own, and what connects to it. */
export class TestQueen implements AsyncDisposable {
  private constructor(
    readonly queen: Queen,
    readonly url: string,
    readonly dataDir: string,
    private readonly options: Partial<QueenOptions>,
    /** All that has connected, also to the queen before a restart. */
    private readonly peers: Peer[],
    private readonly dispose: () => Promise<void>,
  ) {}

  static async start(options: Partial<QueenOptions> = {}, peers: Peer[] = []): Promise<TestQueen> {
    const folder = options.dataDir === undefined ? await tempDir() : undefined;
    const dataDir = options.dataDir ?? folder?.path ?? '';
    const queen = new Queen({ port: 0, ...options, dataDir });
    const { url } = await queen.listen();
    return new TestQueen(queen, url, dataDir, options, peers, async () => {
      await queen.close();
      await folder?.[Symbol.asyncDispose]();
    });
  }

  /** Closes the queen and starts another on the same data and the same port, to which all that was connected comes back. */
  async restart(): Promise<TestQueen> {
    await this.queen.close();
    return TestQueen.start({ ...this.options, dataDir: this.dataDir, port: Number(new URL(this.url).port) }, this.peers);
  }

  async caller(): Promise<Peer> {
    return this.#keep(await Peer.connect(this.url));
  }

  /** A plain drone that has said what it is. */
  async drone(info: Record<string, unknown> = {}, auth: Record<string, unknown> = {}): Promise<Peer> {
    const drone = this.#keep(await Peer.connect(`${this.url}/drone`, auth));
    await drone.ask('drone:info', { speed: 1, capacity: 1, ...info });
    return drone;
  }

  /** Submits a job and returns its id. */
  async submit(job: Record<string, unknown> = {}): Promise<string> {
    const caller = await this.caller();
    const answer = await caller.ask<{ id?: string; error?: unknown }>('queue:new', job);
    if (answer.id === undefined) throw new Error(`refused: ${JSON.stringify(answer.error)}`);
    return answer.id;
  }

  async info(id: string): Promise<JobInfo> {
    const caller = await this.caller();
    return caller.ask<JobInfo>('job:query-info', id);
  }

  /** The job's data once it is done. */
  async done(id: string): Promise<JobInfo> {
    return until(async () => {
      const info = await this.info(id);
      return info.status === 'done' && info;
    }, `job ${id} is done`);
  }

  #keep(peer: Peer): Peer {
    this.peers.push(peer);
    return peer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const peer of this.peers) await peer[Symbol.asyncDispose]();
    await this.dispose();
  }
}
