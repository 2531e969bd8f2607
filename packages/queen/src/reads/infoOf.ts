import { type CommandInfo, type JobInfo, maskJob, type OutputInfo, type Usual, type Waiting } from '@skep/protocol';
import type { CommandSnapshot, JobSnapshot } from '@skep/store';
import { attemptInfoOf, outputInfoOf } from './attemptInfoOf.js';
import { commonOf } from './summaryOf.js';
import { textTail } from './textTail.js';

/** The whole job with every command's output so far. Codes, results and output are those of its latest attempt. */
export function infoOf({ job, attempts, commands }: JobSnapshot, waiting: Waiting | null, usual?: Usual): JobInfo {
  const latest = attempts.at(-1);
  return {
    ...commonOf(job, waiting, usual),
    // A plain drone may keep times of its own: then all of the job's times are by its clock.
    queued: latest?.queuedAt ?? job.queuedAt,
    data: maskJob(job.job),
    attempts: attempts.map(attemptInfoOf),
    testCode: latest?.testCode ?? null,
    testTime: latest?.testTimeMs ?? null,
    deployCode: latest?.deployCode ?? null,
    deployTime: latest?.deployTimeMs ?? null,
    exitCode: job.exitCode,
    ...(job.signal !== null && { signal: job.signal }),
    ...(isGiven(latest?.progress) && { progress: latest?.progress }),
    ...(isGiven(latest?.result) && { result: latest?.result }),
    ...(latest?.error && { error: latest.error }),
    ...(job.confirmed !== null && { confirmed: job.confirmed }),
    cmds: commands.map(commandInfoOf),
    output: latest ? outputInfoOf(latest) : noOutput(job.status === 'done'),
  };
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

const noOutput = (isDone: boolean): OutputInfo => ({ bytes: 0, lines: 0, state: isDone ? 'complete' : 'growing' });

function commandInfoOf(command: CommandSnapshot): CommandInfo {
  const out = textTail(command.out, command.outFrom);
  const err = textTail(command.err, command.errFrom);
  return {
    num: command.num,
    phase: command.phase,
    cmd: command.screencmd ?? command.cmd,
    screencmd: command.screencmd,
    out: out.text,
    err: err.text,
    outFrom: out.from,
    errFrom: err.from,
    exitCode: command.exitCode,
    ...(command.signal !== null && { signal: command.signal }),
    started: command.startedAt,
    finished: command.finishedAt,
  };
}
