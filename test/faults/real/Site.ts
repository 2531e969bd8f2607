import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DroneSummary, DronesAnswer, JobInfo } from '@skep/protocol';
import { until } from '../../helpers/until.js';
import { FaultProxy } from './FaultProxy.js';
import { talkFile } from './places.js';
import { environmentOf, type LiveProcess, processesWith, signal } from './processes.js';
import { ServerProcess } from './ServerProcess.js';
import { canMount, TmpDisk } from './TmpDisk.js';

const DRONE_DISK_BYTES = 96 * 1024 * 1024;
/** Below this a drone takes no jobs; far less than by default, for disks so small. */
const FLOOR_BYTES = 4 * 1024 * 1024;
const CALL_MS = 5000;
/** The variable by which every process of a site is found, whatever becomes of its parents. */
const MARKER = 'FAULTS_SITE';

export interface SiteOptions {
  /** The capacity of each drone. */
  readonly drones: readonly number[];
  readonly lostAfterS: number;
  /** The bytes of the queen's own disk; drones have one each too then. Absent, or where none can be mounted: no disks. */
  readonly diskBytes?: number;
}

/** A drone, its folder, and its line to the queen. */
export interface SiteDrone {
  readonly name: string;
  readonly folder: string;
  readonly process: ServerProcess;
  readonly line: FaultProxy;
  readonly disk: TmpDisk | undefined;
}

/** A real queen and real drones, each process on its own, with a line to each that can be made bad. */
export class Site implements AsyncDisposable {
  /** Those that have not been disposed of. */
  static readonly all = new Set<Site>();
  queenPort = 0;
  queenDisk: TmpDisk | undefined;
  readonly drones: SiteDrone[] = [];

  private constructor(
    readonly folder: string,
    readonly marker: string,
    readonly queen: ServerProcess,
    /** Over which callers speak to the queen. */
    readonly line: FaultProxy,
  ) {}

  /** Starts the queen and all drones, and waits until they know each other. */
  static async start({ drones, lostAfterS, diskBytes }: SiteOptions): Promise<Site> {
    const folder = await mkdtemp(join(tmpdir(), 'skep-site-'));
    for (const name of ['queen', 'tmp', 'journals', 'logs']) await mkdir(join(folder, name));
    const marker = `${MARKER}=${folder}`;
    const env = { PATH: process.env.PATH, HOME: folder, TMPDIR: join(folder, 'tmp'), [MARKER]: folder };
    const queenArgs = ['queen', '--data', join(folder, 'queen'), '--lost-after', String(lostAfterS)];
    const queen = new ServerProcess('queen', queenArgs, env, join(folder, 'logs', 'queen.log'));
    const site: Site = new Site(folder, marker, queen, await FaultProxy.start(() => site.queenPort));
    Site.all.add(site);
    try {
      if (diskBytes && canMount) site.queenDisk = TmpDisk.mount(join(folder, 'queen'), diskBytes);
      const [, url = ''] = await queen.startUntil(/skep queen ready at (\S+)/, ['--port', '0']);
      site.queenPort = Number(new URL(url).port);
      for (const [index, capacity] of drones.entries())
        site.drones.push(await site.#newDrone(`d${index}`, capacity, env, site.queenDisk !== undefined));
      await Promise.all(site.drones.map(({ process }) => process.startUntil(/skep drone \S+ ready/)));
      return site;
    } catch (error) {
      await site[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The queen's own address, past the callers' line. */
  get url(): string {
    return `http://127.0.0.1:${this.queenPort}`;
  }

  startQueen(): void {
    this.queen.start(['--port', String(this.queenPort)]);
  }

  /** The executors of a drone that live, whoever started them. */
  executorsOf(drone: SiteDrone): LiveProcess[] {
    return this.processesOf(drone).filter(({ command }) => command.includes('executor.js'));
  }

  /** Executors and commands of a drone that live. */
  processesOf({ name, folder }: SiteDrone): LiveProcess[] {
    const isOf = ({ pid, command }: LiveProcess): boolean =>
      command.includes(folder) || environmentOf(pid).includes(`SKEP_DRONE=${name}\0`);
    return processesWith(this.marker).filter((process) => isOf(process) && !process.command.includes(' drone --queen '));
  }

  /** The commands of an attempt that live, on whatever drone. */
  commandsOf(id: string, attempt: number): LiveProcess[] {
    return processesWith(this.marker).filter(({ pid }) => {
      const environment = environmentOf(pid);
      return environment.includes(`SKEP_JOB_ID=${id}\0`) && environment.includes(`SKEP_ATTEMPT=${attempt}\0`);
    });
  }

  isAlive(id: string, attempt: number): boolean {
    return this.commandsOf(id, attempt).length > 0;
  }

  /** The job once it looks like this. */
  async jobWhen(id: string, isSo: (job: JobInfo) => boolean, what: string, withinMs?: number): Promise<JobInfo> {
    const look = async (): Promise<JobInfo | undefined> => this.job(id).catch(() => undefined);
    return until(async () => look().then((job) => job && isSo(job) && job), `job ${id}: ${what}`, withinMs);
  }

  /** Submits a job over the callers' line. @returns whether the queen has acknowledged it */
  async submit(job: object): Promise<boolean> {
    const answer = await this.call('/api/jobs', { job }, this.line.url).catch(() => undefined);
    return answer?.status === 201;
  }

  /** Cancels a job over the callers' line. @returns what it was by then; undefined if the queen has not acknowledged the wish */
  async cancel(id: string): Promise<string | undefined> {
    const answer = await this.call(`/api/jobs/${id}/cancel`, { body: {} }, this.line.url).catch(() => undefined);
    const said = answer?.status === 202 ? await answer.json().catch(() => undefined) : undefined;
    return (said as { status?: string } | undefined)?.status;
  }

  async job(id: string): Promise<JobInfo | undefined> {
    const answer = await this.call(`/api/jobs/${id}`);
    return answer.status === 404 ? undefined : JobInfo.parse(await answer.json());
  }

  /** The job once it is done. */
  done(id: string): Promise<JobInfo> {
    return this.jobWhen(id, ({ status }) => status === 'done', 'done');
  }

  async listDrones(): Promise<DroneSummary[]> {
    return DronesAnswer.parse(await (await this.call('/api/drones')).json()).drones;
  }

  /** What one attempt wrote to one of its streams. */
  async output(id: string, query: Record<string, string>): Promise<Buffer> {
    const answer = await this.call(`/api/jobs/${id}/output?${new URLSearchParams(query)}`);
    return Buffer.from(await answer.arrayBuffer());
  }

  /** Asks the queen over HTTP, by default past the callers' line; with a job, or any other body, as a POST. */
  call(path: string, { job, body = job }: { job?: object; body?: object | undefined } = {}, url = this.url): Promise<Response> {
    const request = body && { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
    return fetch(url + path, { ...request, signal: AbortSignal.timeout(CALL_MS) });
  }

  /** A command that prints the text of a seed and keeps the job's journal. */
  talk(id: string, { seed, bytes, ms, exitCode = 0 }: { seed: number; bytes: number; ms: number; exitCode?: number }): object {
    const args = [talkFile, this.#journalOf(id), ...[seed, bytes, ms, exitCode].map(String)];
    return { command: process.execPath, args, screencmd: `talk ${seed}` };
  }

  /** What the commands of a job have noted, in order. */
  async journal(id: string): Promise<{ what: 'began' | 'ended' | 'met'; attempt: number; pid: number; at: number; other?: number }[]> {
    const text = await readFile(this.#journalOf(id), 'utf8').catch(() => '');
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  /** The last lines of every log. */
  tails(lines = 25): string {
    return [this.queen, ...this.drones.map(({ process }) => process)]
      .map((process) => `--- ${process.name}\n${lastLines(process.log(), lines)}`)
      .join('\n');
  }

  /** Ends every process, in no good order, and removes all files. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!Site.all.delete(this)) return;
    const processes = [this.queen, ...this.drones.map(({ process }) => process)];
    for (const each of processes) await each.kill();
    for (let left = processesWith(this.marker); left.length > 0; left = processesWith(this.marker))
      for (const { pid } of left) signal(pid, 'SIGKILL');
    for (const { line } of [this, ...this.drones]) await line[Symbol.asyncDispose]();
    for (const disk of [this.queenDisk, ...this.drones.map((drone) => drone.disk)]) disk?.[Symbol.dispose]();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  async #newDrone(name: string, capacity: number, env: NodeJS.ProcessEnv, ownDisk: boolean): Promise<SiteDrone> {
    const folder = join(this.folder, name);
    await mkdir(folder);
    const disk = ownDisk ? TmpDisk.mount(folder, DRONE_DISK_BYTES) : undefined;
    const line = await FaultProxy.start(() => this.queenPort);
    const args = ['drone', '--queen', line.url, '--name', name, '--speed', '10', '--capacity', String(capacity), '--data', folder];
    const drone = new ServerProcess(
      name,
      [...args, '--min-free-bytes', String(FLOOR_BYTES), '--pass-env', MARKER],
      env,
      join(this.folder, 'logs', `${name}.log`),
    );
    return { name, folder, process: drone, line, disk };
  }

  #journalOf(id: string): string {
    return join(this.folder, 'journals', id);
  }
}

const lastLines = (text: string, lines: number): string =>
  text
    .trim()
    .split('\n')
    .slice(-lines)
    .map((line) => line.slice(0, 300))
    .join('\n');
