import type { AssignedJob, DroneSummary, JobFrame, JobInfo, JobSummary, Schedule } from '@skep/protocol';

const NOW = 1_760_000_000_000;

export const aFrame: JobFrame = { id: 'job-1', attempt: 1, lease: 41, seq: 0, events: [[0, 'job:queued', NOW]] };

export const anAssignedJob: AssignedJob = {
  id: 'job-1',
  job_id: 'job-1',
  attempt: 1,
  lease: 41,
  assigned: NOW,
  phases: { test: ['make'] },
  strange: { kept: true },
};

export const aDroneSummary: DroneSummary = {
  id: 'a',
  name: 'A',
  speed: 5,
  capacity: 2,
  labels: {},
  plugins: [],
  handlers: [],
  state: 'busy',
  running: ['job-1'],
  waiting: 0,
  connectedAt: NOW,
  seenAt: NOW,
};

const aJob = {
  id: 'job-1',
  status: 'done',
  outcome: 'failed',
  reason: 'exit 2',
  waiting: null,
  attempt: 1,
  drone: 'A',
  phase: 'cleanup',
  queued: NOW,
  started: NOW + 1,
  finished: NOW + 2,
  cursor: 9,
  priority: 0,
} as const;

export const aJobSummary: JobSummary = { ...aJob, title: 'make', job_type: 'TEST', exitCode: 2 };

export const aJobInfo: JobInfo = {
  ...aJob,
  data: { phases: { test: ['make'] } },
  attempts: [],
  testCode: 2,
  testTime: 1,
  deployCode: null,
  deployTime: null,
  exitCode: 2,
  cmds: [
    {
      num: -1,
      phase: null,
      cmd: '[initializing]',
      screencmd: null,
      out: 'hello\n',
      err: '',
      outFrom: 0,
      errFrom: 0,
      exitCode: null,
      started: null,
      finished: null,
    },
  ],
  output: { bytes: 6, lines: 1, state: 'complete' },
};

export const aSchedule: Schedule = {
  name: 'nightly',
  job: { phases: { test: ['make'] } },
  when: { cron: '0 3 * * *', zone: 'Europe/Vienna' },
  missed: 'once',
  overlap: 'skip',
  paused: null,
  created: NOW,
  changed: NOW,
  next: [{ at: NOW + 3, local: '2025-10-09T10:53:20+02:00' }],
  running: [],
  results: [
    { due: NOW, at: NOW, job: 'nightly@2025-10-09T08:53:20Z', status: 'done', outcome: 'passed', finished: NOW + 2 },
    { due: NOW - 1, at: NOW, skipped: 'missed', reason: 'the queen was not there' },
  ],
};
