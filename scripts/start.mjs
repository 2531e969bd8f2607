/**
 * `npm start`: a queen, two drones of different speed on this machine, and a job that runs real commands in this
 * project's own repository; stays up. `npm run demo` (`--demo`) ends when the job does. `--port N` or SKEP_PORT in place of 7874.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from './lib/build.mjs';
import { anyEnded, mustBeFree, start, stopAll } from './lib/fleet.mjs';
import { install } from './lib/install.mjs';
import { Failure, main, root, say } from './lib/run.mjs';

const drones = [
  { name: 'fast', speed: '200', capacity: '2' },
  { name: 'slow', speed: '100', capacity: '2' },
];

/** What git says, without the line end; undefined where it fails. */
function git(...args) {
  try {
    return execFileSync('git', ['-C', root, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

/** A job that clones this repository at the commit that is checked out, and looks around in it. */
function aJob() {
  if (!git('--version')) throw new Failure('there is no git on this machine.', 'Install it: the job clones this repository.');
  const commit = git('rev-parse', '--verify', 'HEAD');
  if (!commit)
    throw new Failure(
      'this folder is not a git repository with a commit, so there is nothing to clone.',
      'Get the project with git clone, or run: git init && git add . && git commit -m first',
    );
  const branch = git('symbolic-ref', '--quiet', '--short', 'HEAD');
  return {
    project: 'skep',
    repo: { url: pathToFileURL(git('rev-parse', '--show-toplevel')).href, vcs: 'git' },
    ref: branch ? { branch, id: commit } : { fetch: 'HEAD' },
    trigger: { type: 'manual', message: 'the first job' },
    phases: {
      test: [
        'echo "drone $SKEP_DRONE builds commit $SKEP_COMMIT"',
        'git log -1 --format="%h %an: %s"',
        'ls',
        { command: 'node', args: ['-e', 'const p = require("./package.json"); console.log(p.name, "needs Node", p.engines.node)'] },
        'for n in 1 2 3; do echo "line $n comes as it is written"; sleep 0.3; done',
      ],
    },
  };
}

/** Asks the queen over HTTP. @throws {Failure} with the queen's own words if it refuses */
async function ask(address, path, options) {
  const answer = await fetch(address + path, options);
  if (answer.ok) return answer;
  const { error } = await answer.json().catch(() => ({ error: { message: answer.statusText } }));
  throw new Failure(`the queen refused ${path}: ${error.message}`, error.hint);
}

/** Submits the job, prints its output as it comes, and tells how it ended. @returns whether it passed */
async function runJob(address, job) {
  const submitted = await ask(address, '/api/jobs', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(job),
  });
  const { id } = await submitted.json();
  say(`job ${id} is submitted; its output:`);
  const output = await ask(address, `/api/jobs/${id}/output?follow=true`);
  for await (const bytes of output.body) process.stdout.write(bytes);
  const { outcome, reason, drone } = await (await ask(address, `/api/jobs/${id}`)).json();
  say(`job ${id}: ${outcome}${reason ? ` (${reason})` : ''}, on drone ${drone}`);
  return outcome === 'passed';
}

/** What was asked for on the command line. @throws {Failure} if it cannot be */
function asksFor() {
  const options = { demo: { type: 'boolean', default: false }, port: { type: 'string', default: process.env.SKEP_PORT ?? '7874' } };
  const { values } = parseArgs({ options, strict: false });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Failure(`${values.port} is no port.`, 'Give a number from 1 to 65535.');
  return { demo: values.demo, port };
}

/** Resolved with the signal's exit code when somebody wants this to end. */
const asked = new Promise((done) => {
  process.on('SIGINT', () => done(130));
  process.on('SIGTERM', () => done(143));
  process.on('SIGHUP', () => done(129));
});

async function startAll() {
  const { demo, port } = asksFor();
  const job = aJob();
  await install();
  await build();
  await mustBeFree(port);
  say('starting a queen and two drones ...');
  const data = (name) => join(process.env.SKEP_DATA ?? join(root, '.skep'), name);
  const ready = await start('the queen', ['queen', '--port', String(port), '--data', data('queen')], /skep queen ready at (\S+)/);
  const address = ready[1];
  for (const { name, speed, capacity } of drones) {
    const flags = ['--queen', address, '--name', name, '--speed', speed, '--capacity', capacity, '--data', data(`drone-${name}`)];
    await start(`drone ${name}`, ['drone', ...flags], /skep drone .* ready/);
  }
  const passed = await runJob(address, job);
  if (demo) return passed ? 0 : 1;
  say(`open ${address} in a browser; Ctrl-C ends everything`);
  throw await anyEnded();
}

await main(async () => {
  try {
    process.exitCode = await Promise.race([startAll(), asked]);
  } finally {
    await stopAll();
  }
});
process.exit();
