import { newAttempt, newJobState } from '../newRecords.js';
import type {
  ArtifactRecord,
  AttemptRecord,
  CacheRecord,
  CommandRecord,
  DroneRecord,
  JobRecord,
  JobState,
  StoredEvent,
  UploadRecord,
} from '../records.js';
import type { Change } from '../Store.js';

/** An instant to count from. */
export const NOW = 1_790_000_000_000;

/** The state of a job that waits. */
export const aState = (changed: Partial<JobState> = {}): JobState => ({
  ...newJobState(),
  ...changed,
});

export const aJob = (id: string, changed: Partial<JobRecord> = {}): JobRecord => ({
  ...aState(),
  id,
  title: `The job ${id}`,
  project: null,
  branch: null,
  jobType: 'TEST',
  retryOf: null,
  queuedAt: NOW,
  runKey: null,
  parent: null,
  cell: null,
  parentOf: null,
  job: { id, phases: { test: ['make test'] } },
  ...changed,
});

export const anAttempt = (jobId: string, lease: number, changed: Partial<AttemptRecord> = {}): AttemptRecord => ({
  ...newAttempt({
    jobId,
    attempt: 1,
    lease,
    droneId: 'drone-1',
    droneName: 'one',
    droneSpeed: 100,
    grantedAt: NOW,
    startedAt: null,
    firstCursor: 0,
  }),
  ...changed,
});

export const aCommand = (jobId: string, num: number, changed: Partial<CommandRecord> = {}): CommandRecord => ({
  jobId,
  attempt: 1,
  num,
  phase: 'test',
  cmd: 'make test',
  screencmd: null,
  exitCode: null,
  signal: null,
  startedAt: NOW,
  finishedAt: null,
  firstSeq: 0,
  lastSeq: 0,
  outBytes: 0,
  errBytes: 0,
  ...changed,
});

export const aDrone = (id: string, changed: Partial<DroneRecord> = {}): DroneRecord => ({
  id,
  name: `The drone ${id}`,
  speed: 100,
  capacity: 2,
  labels: { os: 'linux' },
  plugins: ['node'],
  handlers: [],
  platform: 'linux x64',
  version: '1.0.0',
  drainReason: null,
  connectedAt: NOW,
  seenAt: NOW,
  ...changed,
});

export const anArtifact = (jobId: string, path: string, changed: Partial<ArtifactRecord> = {}): ArtifactRecord => ({
  jobId,
  attempt: 1,
  path,
  size: 10,
  mode: 0o644,
  mediaType: 'text/plain',
  sha256: 'a'.repeat(64),
  createdAt: NOW,
  ...changed,
});

export const aCache = (key: string, changed: Partial<CacheRecord> = {}): CacheRecord => ({
  project: 'web',
  key,
  size: 10,
  sha256: 'c'.repeat(64),
  createdAt: NOW,
  usedAt: NOW,
  ...changed,
});

export const anUpload = (id: string, changed: Partial<UploadRecord> = {}): UploadRecord => ({
  id,
  target: { type: 'cache', project: 'web', key: 'modules' },
  size: 10,
  sha256: 'd'.repeat(64),
  createdAt: NOW,
  ...changed,
});

/** What an event says: a chunk of a command's output, or without output only that a phase began. */
export interface Said {
  text?: string | Uint8Array;
  command?: number;
  stream?: 'stdout' | 'stderr';
}

const LINE_END = 0x0a;

/** Makes the events of one attempt, each at its place behind those made before. */
export function eventMaker(): (said?: Said) => StoredEvent {
  let [seq, firstByte, firstLine] = [0, 0, 0];
  return ({ text, command = 0, stream = 'stdout' } = {}) => {
    const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : (text ?? new Uint8Array());
    const lines = lineEnds(bytes);
    const event: StoredEvent = {
      seq,
      at: NOW + seq,
      name: text === undefined ? 'job:phase' : `job:cmd:${stream}`,
      args: text === undefined ? ['test', NOW + seq] : [command],
      output: text === undefined ? null : { command, stream, bytes },
      firstByte,
      firstLine,
      lines,
    };
    [seq, firstByte, firstLine] = [seq + 1, firstByte + bytes.byteLength, firstLine + lines];
    return event;
  };
}

function lineEnds(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_END); at !== -1; at = bytes.indexOf(LINE_END, at + 1)) count += 1;
  return count;
}

/** A job with one attempt, running. */
export const aRunningJob = (id: string, lease = 1): Change[] => [
  { type: 'job', record: aJob(id, { status: 'running', attempt: 1 }) },
  { type: 'attempt', record: anAttempt(id, lease) },
];

/** A job that is done after one attempt. */
export const aDoneJob = (id: string, lease: number, changed: Partial<JobRecord> = {}, outputBytes = 0): Change[] => {
  const { finishedAt = NOW } = changed;
  return [
    { type: 'job', record: aJob(id, { status: 'done', outcome: 'passed', attempt: 1, finishedAt, ...changed }) },
    { type: 'attempt', record: anAttempt(id, lease, { finishedAt, endedAt: finishedAt, outputBytes }) },
  ];
};
