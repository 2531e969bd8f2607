import { type AssignedJob, type Command, JOB_TIMEOUT_S, type Phase, phasesOf, SILENCE_TIMEOUT_S } from '@skep/protocol';
import { secretsOf } from '../output/SecretMask.js';
import { PluginFault } from '../plugins/PluginHost.js';
import { killTree } from '../process/kill.js';
import { listPids } from '../process/processTable.js';
import { isDiskFull, whenRoom } from '../spool/whenRoom.js';
import { checkout, checkoutText } from '../workspace/checkout.js';
import { makeWorkspace, removeFolder, type Workspace } from '../workspace/Workspace.js';
import type { AbortReason, AttemptContext } from './AttemptContext.js';
import { AttemptFiles } from './AttemptFiles.js';
import { AttemptPlugins, pluginsOf } from './AttemptPlugins.js';
import { AttemptReport, diskReason } from './AttemptReport.js';
import { CommandRunner } from './CommandRunner.js';
import { commandEnv, passedEnv } from './commandEnv.js';
import { Ending } from './Ending.js';
import { leaseMarker, leaseValue, MARKER_VARIABLE } from './leaseMarker.js';

export type { AbortReason, AttemptContext } from './AttemptContext.js';

/** The longest that cleanup may take; after a cancel it is twice the grace, if that is less. */
const CLEANUP_MS = 5 * 60_000;
/** What an attempt leaves running has had its time: it gets less grace than what is cancelled. */
const LEFTOVER_GRACE_MS = 2_000;
/** So long a machine cannot go once round all its pids; an attempt that is over by then need not look at those that were there before. */
const PIDS_NEW_MS = 1_000;

/**
 * Runs one attempt to its end and emits every event from `job:started` to `job:done` (`job:queued` is the caller's).
 * Never throws for what a job does: every failure is an event.
 */
export async function runAttempt(context: AttemptContext): Promise<void> {
  const { job, now } = context;
  const ending = new Ending(context.signal);
  let attempt: Attempt | undefined;
  const report = new AttemptReport({
    emit: (event) => {
      context.emit(event);
      attempt?.plugins?.hear(event);
    },
    secrets: secretsOf(job),
    onBroken: (reason) => ending.end(reason),
    maxOutput: context.drone.maxOutput,
  });
  report.say({ name: 'job:started', args: [now()] });
  const refused = refusal(context);
  if (refused) ending.end(refused);
  else {
    attempt = new Attempt(context, ending, report);
    await attempt.run();
  }
  const { reason } = ending;
  // However long the disk is full: an attempt that lost its error would count as passed.
  if (reason) await whenRoom(() => context.emit({ name: 'job:errored', args: [told(reason, report), now()] }));
  await whenRoom(() => context.emit({ name: 'job:done', args: [now()] }));
}

const told = ({ code, message }: AbortReason, report: AttemptReport): AbortReason => ({
  code: code.slice(0, 100),
  message: report.masked(message).slice(0, 16 * 1024),
});

/** Why there is nothing here to run, if so. */
function refusal({ job, drone }: AttemptContext): AbortReason | undefined {
  const { plugins, missing } = pluginsOf(job, drone.plugins);
  if (missing !== undefined) return { code: 'unknown-plugin', message: `this drone has no plugin ${missing}` };
  if (plugins.length > 0 || phasesOf(job).some((phase) => commandsOf(job, phase).length > 0)) return undefined;
  return { code: 'nothing-to-run', message: 'the job has no commands in its phases, no plugins, and its type is not that of a task' };
}

const commandsOf = ({ phases }: AssignedJob, phase: Phase): readonly Command[] => (phase === 'environment' ? [] : (phases?.[phase] ?? []));

/** One attempt that has something to run. */
class Attempt {
  readonly #marker: string;
  readonly #runner: CommandRunner;
  /** Undefined before they are opened, and where the job has none. */
  plugins: AttemptPlugins | undefined;
  #commit = '';

  constructor(
    private readonly context: AttemptContext,
    private readonly ending: Ending,
    private readonly report: AttemptReport,
  ) {
    const { dataDir, job, drone } = context;
    this.#marker = leaseMarker(dataDir, job);
    this.#runner = new CommandRunner(report, leaseValue(dataDir, job), drone.graceMs, ending);
  }

  async run(): Promise<void> {
    const { context, ending, report } = this;
    const { job, dataDir } = context;
    const { timeout } = job;
    const startedAt = performance.now();
    const before = new Set(listPids());
    const unwatch = ending.watch(
      (timeout?.job ?? JOB_TIMEOUT_S) * 1000,
      (timeout?.silence ?? SILENCE_TIMEOUT_S) * 1000,
      () => report.heardAt,
    );
    let workspace: Workspace | undefined;
    try {
      workspace = await makeWorkspace(dataDir, job);
      await this.#openPlugins(workspace);
      const files = new AttemptFiles(context, workspace, ending, report, this.#runner);
      const passed = await this.#runPhases(workspace, files);
      // Whatever still runs of what was ended must not work against what comes.
      if (ending.reason) await killTree({ marker: this.#marker }, context.drone.graceMs);
      await files.collect(passed);
      // What passed in its time does not fail for what comes after.
      unwatch();
      if (passed) await files.saveCaches();
      await this.#cleanUp(workspace);
    } catch (error) {
      ending.end(diskReason(error));
    } finally {
      unwatch();
      await this.#guarded(async () => this.plugins?.close());
      const isShort = performance.now() - startedAt < PIDS_NEW_MS;
      await killTree(
        { marker: this.#marker, ...(isShort && { isOfInterest: (pid) => !before.has(pid) }) },
        Math.min(LEFTOVER_GRACE_MS, context.drone.graceMs),
      );
      if (workspace) await removeFolder(workspace.folder).catch(() => undefined); // Left for cleanWorkspaces.
    }
  }

  /** All phases but cleanup, up to the first that fails. @returns whether none did */
  async #runPhases(workspace: Workspace, files: AttemptFiles): Promise<boolean> {
    const { context, ending, report } = this;
    const { job, now } = context;
    for (const phase of phasesOf(job)) {
      if (ending.reason) return false;
      if (phase === 'cleanup') return true;
      report.say({ name: 'job:phase', args: [phase, now()] });
      if (phase === 'prepare') {
        if (!(await this.#getSources(workspace))) return false;
        await files.restoreCaches();
      }
      const { code, ran } = await this.#runPhase(phase, workspace, ending.signal);
      if (ending.reason) return false;
      if (!ran && (phase === 'test' || phase === 'deploy')) this.#warn(`nothing ran in phase ${phase}`);
      if (phase === 'test') report.say({ name: 'job:tested', args: [code, now()] });
      if (phase === 'deploy') report.say({ name: 'job:deployed', args: [code, now()] });
      if (code !== 0) return false;
    }
    return true;
  }

  async #openPlugins(workspace: Workspace): Promise<void> {
    const { context, ending, report } = this;
    const { plugins } = pluginsOf(context.job, context.drone.plugins);
    if (plugins.length === 0 || ending.reason) return;
    const options = { context, report, runner: this.#runner, workspace, env: () => this.#env(workspace) };
    await this.#guarded(async () => {
      this.plugins = await AttemptPlugins.open(options, plugins, ending.signal);
    });
  }

  /** Does something of the plugins'; a fault of theirs ends the attempt, and its cleanup still comes. */
  async #guarded<T>(act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (error) {
      this.ending.end(error instanceof PluginFault ? { code: error.code, message: error.message } : diskReason(error));
      return undefined;
    }
  }

  #env({ tmp }: Workspace): Record<string, string> {
    return commandEnv(this.context, tmp, this.#commit, this.plugins?.contributed);
  }

  /**
   * What the plugins do in a phase, then the job's own commands.
   * @returns the code of the first that fails, which ends the phase, else 0; and whether there was anything to do
   */
  async #runPhase(phase: Phase, workspace: Workspace, signal: AbortSignal): Promise<{ code: number; ran: boolean }> {
    const commands = commandsOf(this.context.job, phase);
    const { code, ran } = (await this.#guarded(async () => this.plugins?.run(phase, signal))) ?? { code: 0, ran: false };
    if (code !== 0) return { code, ran };
    const surroundings = { folder: workspace.code, env: this.#env(workspace) };
    for (const command of commands) {
      if (signal.aborted) break;
      const code = await this.#runner.run(command, surroundings, signal);
      if (code !== 0) return { code, ran: true };
    }
    return { code: 0, ran: ran || commands.length > 0 };
  }

  #warn(text: string): void {
    const output = this.report.outputOf();
    output.feed('stderr', Buffer.from(`[skep] ${text}\n`));
    output.end();
  }

  /** Lets the plugin that can, or else ourselves, get the sources. @returns whether they are there */
  async #getSources(workspace: Workspace): Promise<boolean> {
    const { context, ending } = this;
    const { fetcher } = this.plugins ?? {};
    if (this.plugins === undefined || fetcher === undefined) return context.job.repo === undefined || this.#checkOut(workspace);
    const got = await this.#guarded(async () => this.plugins?.fetch(ending.signal));
    if (!got) return false;
    const { code, commit } = got;
    this.#commit = commit ?? String(context.job.ref?.id ?? '');
    if (code !== 0) ending.end({ code: 'checkout-failed', message: `plugin ${fetcher}: its commands ended with exit code ${code}` });
    return code === 0;
  }

  /** Checks the sources out, told as a command of its own. @returns whether they are there */
  async #checkOut({ code, tmp }: Workspace): Promise<boolean> {
    const { context, ending } = this;
    const { job, dataDir, drone } = context;
    const { repo, ref } = job;
    if (!repo) return true;
    const env = { ...passedEnv(drone.passEnv), [MARKER_VARIABLE]: `${leaseValue(dataDir, job)}.` };
    const exitCode = await this.#runner.tell(checkoutText(repo, ref), undefined, async (_, write) => {
      try {
        this.#commit = await checkout({ repo, ref, dataDir, folder: code, tmp, env, signal: ending.signal });
        return { kind: 'exited', exitCode: 0 };
      } catch (error) {
        if (ending.reason) return { kind: 'killed', signal: 'SIGTERM' };
        const words = error instanceof Error ? error.message : String(error);
        write('stderr', Buffer.from(`${words}\n`));
        ending.end(
          isDiskFull(error) || /no space left on device/i.test(words)
            ? { code: 'disk-full', message: words }
            : { code: 'checkout-failed', message: words },
        );
        return { kind: 'exited', exitCode: 128 };
      }
    });
    return exitCode === 0;
  }

  /** Runs the cleanup phase, whatever came before, within its own limit. What its commands return changes nothing. */
  async #cleanUp(workspace: Workspace): Promise<void> {
    const { context, ending, report } = this;
    if (ending.reason) await killTree({ marker: this.#marker }, context.drone.graceMs);
    if (commandsOf(context.job, 'cleanup').length === 0 && !this.plugins && ending.reason) return;
    report.say({ name: 'job:phase', args: ['cleanup', context.now()] });
    const late = new AbortController();
    let timer = setTimeout(() => late.abort(), ending.reason ? this.#shortCleanupMs : CLEANUP_MS);
    const shorten = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => late.abort(), this.#shortCleanupMs);
    };
    ending.signal.addEventListener('abort', shorten, { once: true });
    try {
      await this.#runPhase('cleanup', workspace, late.signal);
    } finally {
      clearTimeout(timer);
      ending.signal.removeEventListener('abort', shorten);
    }
  }

  get #shortCleanupMs(): number {
    return Math.min(CLEANUP_MS, 2 * this.context.drone.graceMs);
  }
}
