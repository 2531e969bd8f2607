import { join, relative } from 'node:path';
import { defineCommand } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';
import type { ChildrenView, ChildrenViewOptions } from '../run/ChildrenView.js';
import { matrixOptions } from '../run/matrixOf.js';
import type { Session } from '../Session.js';

export const run = defineCommand({
  usage: 'run <command...>',
  summary: 'Run a command on the fastest drone that may, and exit as it does',
  examples: [
    'run -- make test',
    "run --label os=linux --timeout 10m -- 'npm ci && npm test'",
    'run --repo https://github.com/acme/web --ref main --env TOKEN -- ./deploy.sh',
    'run --matrix platform=debian-12,freebsd-14 -- make test',
    'run --detach -- make nightly',
  ],
  passesThrough: true,
  options: [
    { flags: '-l, --label <key=value>', summary: 'only on a drone with this label', repeats: true },
    { flags: '--platform <name>', summary: 'only on a drone of this platform' },
    { flags: '--drone <drone>', summary: 'only on this drone, by its name or id' },
    ...matrixOptions,
    { flags: '-e, --env <name[=value]>', summary: 'a variable of the command; its value here if none is given', repeats: true },
    { flags: '--secret <name[=value]>', summary: 'the same, and masked wherever it appears', repeats: true },
    { flags: '--repo <url>', summary: 'the sources; the remote of this checkout if absent' },
    { flags: '--no-repo', summary: 'no sources' },
    { flags: '--ref <ref>', summary: 'branch, tag, commit or refs/...; the commit checked out here if absent' },
    { flags: '--cwd <folder>', summary: 'the folder in the sources to run in' },
    { flags: '--artifact <glob>', summary: 'files that it leaves behind; they are fetched to here when it is over', repeats: true },
    { flags: '--reproducible', summary: 'build it twice, on different drones: it passes if both leave the same files behind' },
    { flags: '--timeout <time>', summary: 'such as 90s, 10m, 1h30m; an hour if absent' },
    { flags: '--priority <n>', summary: 'higher goes first; 0 if absent' },
    { flags: '--group <name>', summary: 'run beside no other job of this group' },
    { flags: '--project <name>', summary: 'what the job belongs to' },
    { flags: '--id <id>', summary: 'the id of the job: the same id is the same job' },
    { flags: '-d, --detach', summary: 'print the id and leave' },
    {
      flags: '--on-interrupt <what>',
      summary: 'what Ctrl-C does to the job; cancel if absent',
      choices: ['cancel', 'detach'],
    },
    { flags: '-q, --quiet', summary: 'nothing but what the command writes' },
  ],
  notes: `Exits with the command's code (126, 127: could not be run; 128+n: ended by signal n), 124 timed out,
130 cancelled, 125 skep or the queen failed. One word is a line for /bin/sh; several are a program. With --matrix each line
comes after the cell that wrote it, and the code is that of the gravest outcome: 1 if a cell failed.`,
  // Not 1 or 2: those are codes that the job itself may well have.
  failureExit: EXIT.skepFailed,
  run: async (session, options, words) => {
    const { buildJob } = await import('../run/buildJob.js');
    const { followRun } = await import('../run/followRun.js');
    const { Job, parseAs } = await import('@skep/protocol');
    const { terminal } = session;
    const { job, warnings } = await buildJob(options, words, session.env, session.cwd);
    // The command writes to a pipe on its drone and could not know that its output is looked at here.
    if (terminal.hasColours && !options.isOn('detach')) job.env = { FORCE_COLOR: '1', ...job.env };
    const client = await session.client();
    for (const warning of warnings) terminal.remark(warning);
    const { id } = await client.submit(parseAs(Job, job, 'The job', 'INVALID_JOB'));
    const url = client.pageOf(id);
    if (options.isOn('detach')) {
      if (session.json) await terminal.json({ id, url });
      else {
        await terminal.line(id);
        terminal.remark(url);
      }
      return EXIT.ok;
    }
    if (session.json) await terminal.json({ type: 'submitted', id, url });
    else terminal.remark(`job ${id}  ${url}`);
    const onInterrupt = options.text('onInterrupt') === 'detach' ? 'detach' : 'cancel';
    const { json } = session;
    const view = job.matrix || job.reproducible ? await childrenView({ client, terminal, id, json }) : undefined;
    const end = await followRun({ client, terminal, id, json, onInterrupt, ...(view && { view }) });
    view?.leave();
    if (job.artifacts && end.reason !== 'detached') await fetchLeft(session, id);
    if (session.json) await terminal.json({ type: 'end', exit: end.exit, reason: end.reason, id, url });
    return end.exit;
  },
});

async function childrenView(options: ChildrenViewOptions): Promise<ChildrenView> {
  const { ChildrenView } = await import('../run/ChildrenView.js');
  return new ChildrenView(options);
}

/**
 * Fetches what the job left behind, of children each into a folder of its own. What it was asked for matters more than what it
 * left: its own code stays.
 */
async function fetchLeft(session: Session, id: string, folder = session.cwd): Promise<void> {
  const { fetchArtifacts } = await import('../artifacts/fetchArtifacts.js');
  const { terminal } = session;
  try {
    const client = await session.client();
    for (const child of await client.children(id))
      await fetchLeft(session, child.id, join(folder, child.id.startsWith(`${id}~`) ? child.id.slice(id.length + 1) : child.id));
    await fetchArtifacts(client, await client.artifacts.list(id), folder, async (artifact) => {
      if (session.json) await terminal.json({ type: 'artifact', ...artifact });
      else terminal.remark(`fetched ${join(relative(session.cwd, folder), artifact.path)}`);
    });
  } catch (error) {
    terminal.remark(`the artifacts could not be fetched: ${(error as Error).message}; again: skep artifacts get ${id}`);
  }
}
