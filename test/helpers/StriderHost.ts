import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { tempDir } from './tempDir.js';
import { until } from './until.js';

const root = resolve(import.meta.dirname, '../..');

/** What Strider's server stores of a job. */
export interface StoredJob {
  started?: string;
  finished?: string;
  errored?: boolean;
  error?: { message: string };
  test_exitcode?: number;
  deploy_exitcode?: number;
  std?: { out: string; err: string; merged: string };
  phases?: Record<string, { exitCode: number; commands: { command: string; out: string; exitCode?: number }[] }>;
}

type Message = [what: string, ...args: unknown[]];
let ids = 0;

/** A process that keeps the contract of Strider's server with its runners, and loads ours with Strider's own loader. */
export class StriderHost implements AsyncDisposable {
  /** All that it said, in all its lives. */
  readonly heard: Message[] = [];
  #process: ChildProcess | undefined;

  private constructor(
    private readonly folder: AsyncDisposable & { path: string },
    private readonly queen: string,
  ) {}

  static async start(queen: string): Promise<StriderHost> {
    const folder = await tempDir();
    await mkdir(join(folder.path, 'extensions'));
    await symlink(join(root, 'packages/strider-runner'), join(folder.path, 'extensions', 'strider-skep-runner'));
    const host = new StriderHost(folder, queen);
    await host.begin();
    return host;
  }

  /** @param asksForZombies whether it is a server of the kind that asks its runners at its start */
  async begin(asksForZombies = false): Promise<void> {
    const process = fork(join(import.meta.dirname, 'striderHost.cjs'), [this.folder.path, this.queen, asksForZombies ? 'asked' : 'not'], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#process = process;
    await new Promise<void>((ready, failed) => {
      process.on('message', (message: Message) => {
        this.heard.push(message);
        if (message[0] === 'ready') ready();
      });
      process.once('exit', () => failed(new Error('the host ended')));
    });
  }

  async kill(): Promise<void> {
    const process = this.#process;
    if (!process || process.exitCode !== null || process.signalCode !== null) return;
    process.kill('SIGKILL');
    await once(process, 'exit');
  }

  /** Hands its runner a job without plugins whose commands are those of `phases`. Returns the job's id. */
  build(phases: Record<string, unknown>, type = 'TEST_ONLY'): string {
    ids += 1;
    const id = ids.toString(16).padStart(24, '5');
    const project = { name: 'owner/project' };
    const job = { _id: id, type, ref: { branch: 'master' }, trigger: { type: 'manual', message: null }, project, providerConfig: {} };
    this.#send('new', job, { plugins: [], runner: { id: 'skep', config: { phases } } });
    return id;
  }

  hand(job: unknown, config: unknown): void {
    this.#send('new', job, config);
  }

  cancel(id: string): void {
    this.#send('cancel', id);
  }

  /** What the runner answers for a job now, and how many jobs it has. */
  async info(id: string): Promise<[StoredJob | null, { running: number; queued: number }]> {
    const before = this.all('info').length;
    this.#send('info', id);
    return (await until(() => this.all('info')[before], 'job data')) as [StoredJob | null, { running: number; queued: number }];
  }

  /** What it said under a name. */
  all(what: string): unknown[][] {
    return this.heard.filter(([name]) => name === what).map(([, ...args]) => args);
  }

  /** The statuses that browsers were told of a job, without `job.status.`. */
  statuses(id: string): [name: string, ...args: unknown[]][] {
    const updates = this.all('update').filter(([, , of]) => of === id);
    return updates.map(([, event, , ...args]) => [String(event).replace('job.status.', ''), ...args]);
  }

  /** What browsers were told that a job wrote. */
  told(id: string): string {
    return this.statuses(id)
      .filter(([name]) => name === 'stdout')
      .map(([, text]) => text)
      .join('');
  }

  /** Why a job was written to the database, each time. */
  saves(id: string): unknown[] {
    return this.all('saved')
      .filter(([of]) => of === id)
      .map(([, why]) => why);
  }

  async stored(id: string): Promise<StoredJob | undefined> {
    return JSON.parse(await readFile(join(this.folder.path, 'jobs.json'), 'utf8'))[id];
  }

  /** The job once it is finished in the database, and not only given up there. */
  async done(id: string): Promise<StoredJob> {
    return until(async () => {
      // Asked in this order: what was told to be saved is in the file, but a file read before may lack what is told meanwhile.
      if (this.saves(id).at(-1) === 'given up') return undefined;
      const job = await this.stored(id).catch(() => undefined);
      return job?.finished ? job : undefined;
    }, `Strider stored job ${id}`);
  }

  #send(...message: Message): void {
    this.#process?.send(message);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await this.folder[Symbol.asyncDispose]();
  }
}
