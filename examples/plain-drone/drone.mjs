// A plain drone, from docs/protocol.md alone: node drone.mjs [address of the queen] [id]. It clones nothing.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { io } from 'socket.io-client';

const [queen = 'http://127.0.0.1:7874', droneId = 'plain-drone'] = process.argv.slice(2);
const socket = io(`${queen}/drone`, { auth: { token: process.env.SKEP_TOKEN } });
const phasesOf = { TEST: ['prepare', 'test'], DEPLOY: ['prepare', 'deploy'], 'TEST&DEPLOY': ['prepare', 'test', 'deploy'] };
const attempts = new Map(); // by the id of the job
const outbox = []; // what waits until the queen knows who speaks
let registered = false;

function say(...event) {
  outbox.push(event);
  while (registered && outbox.length > 0) socket.emit(...outbox.shift());
}

async function runJob(job) {
  const attempt = { commands: 0, cancelled: false, stop: () => {} };
  attempts.set(job.id, attempt);
  say('job:started', job.id, Date.now());
  for (const phase of [...phasesOf[job.job_type ?? 'TEST'], 'cleanup']) {
    if (attempt.failed && phase !== 'cleanup') continue;
    say('job:phase', job.id, phase, Date.now());
    let code = 0;
    for (const command of job.phases?.[phase] ?? []) code ||= await runCommand(job, attempt, command);
    if (phase === 'test') say('job:tested', job.id, code, Date.now());
    if (phase === 'deploy') say('job:deployed', job.id, code, Date.now());
    attempt.failed ||= code !== 0 || attempt.cancelled;
  }
  attempts.delete(job.id);
  say('job:done', job.id, Date.now());
}

async function runCommand({ id, env, secrets }, attempt, given) {
  const { command, args, screencmd, ...own } = given.command ? given : { command: given };
  const num = attempt.commands++;
  const [program, ...argv] = args ? [command, ...args] : ['/bin/sh', '-e', '-c', command];
  say('job:cmd:start', id, num, [command, ...(args ?? [])].join(' '), screencmd);
  const options = { cwd: own.cwd, env: { ...process.env, ...env, ...secrets, ...own.env }, detached: true };
  const child = spawn(program, argv, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  attempt.stop = () => child.pid && child.exitCode === null && child.signalCode === null && process.kill(-child.pid, 'SIGTERM');
  for (const out of ['stdout', 'stderr']) child[out].setEncoding('utf8').on('data', (text) => say(`job:cmd:${out}`, id, num, text));
  child.on('error', ({ message }) => say('job:cmd:stderr', id, num, `${message}\n`));
  const [exitCode, signal] = await new Promise((done) => child.on('close', (...end) => done(end)));
  const code = signal ? 128 + constants.signals[signal] : exitCode < 0 ? 127 : exitCode;
  say('job:cmd:done', id, num, code, signal);
  return code;
}

socket.on('drone:query-info', () => {
  socket.emit('drone:info', { id: droneId, speed: 10, capacity: 1 });
  registered = true;
  say('drone:keep-alive'); // and with it all that waited
});
socket.on('disconnect', () => (registered = false));
socket.on('queue:new', (job) => runJob(job));
socket.on('job:cancel', (id) => Object.assign(attempts.get(id) ?? {}, { cancelled: true }).stop?.());
for (const event of ['connect_error', 'error:invalid']) socket.on(event, (...what) => console.error(event, ...what));
