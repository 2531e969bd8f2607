import { createHash } from 'node:crypto';

/**
 * Worked exchanges: who says which event with which arguments, and the answer where one is given. A test holds every
 * one of them against its schema.
 */
const T = 1_760_000_000_000;
const job = {
  id: 'job-1',
  job_id: 'job-1',
  attempt: 1,
  lease: 41,
  assigned: T,
  project: 'hello',
  phases: { test: ['echo hello', 'sleep 60'] },
};

export const plainExchange = [
  { from: 'queen', event: 'drone:query-info', args: [], note: 'the connection is there; what are you?' },
  { from: 'drone', event: 'drone:info', args: [{ id: 'mini', speed: 10, capacity: 1, labels: { os: 'linux' } }] },
  { from: 'queen', event: 'queue:new', args: [job], note: 'a job for you' },
  { from: 'drone', event: 'job:queued', args: ['job-1', T + 2] },
  { from: 'drone', event: 'job:started', args: ['job-1', T + 3] },
  { from: 'drone', event: 'job:phase', args: ['job-1', 'test', T + 3] },
  { from: 'drone', event: 'job:cmd:start', args: ['job-1', 0, 'echo hello', null], note: 'the first command, number 0' },
  { from: 'drone', event: 'job:cmd:stdout', args: ['job-1', 0, 'hello\n'] },
  { from: 'drone', event: 'job:cmd:done', args: ['job-1', 0, 0] },
  { from: 'drone', event: 'job:cmd:start', args: ['job-1', 1, 'sleep 60', null] },
  { from: 'queen', event: 'job:cancel', args: ['job-1', 'not needed any more'], note: 'a caller cancels' },
  { from: 'drone', event: 'job:cmd:done', args: ['job-1', 1, 143, 'SIGTERM'], note: 'the process is gone: 128 + 15' },
  { from: 'drone', event: 'job:tested', args: ['job-1', 143, T + 2310] },
  { from: 'drone', event: 'job:done', args: ['job-1', T + 2311], note: 'the slot is free; the job is done: cancelled' },
];

const short = { id: 'job-2', attempt: 1, lease: 42 };
export const packedExchange = [
  { from: 'drone', event: 'drone:info', args: [{ id: 'big', name: 'big', speed: 812, capacity: 4, version: '0.1.0' }] },
  { from: 'drone', event: 'drone:resume', args: [{ attempts: [] }], answer: { attempts: [] }, note: 'it holds nothing' },
  {
    from: 'queen',
    event: 'queue:new',
    args: [{ id: 'job-2', job_id: 'job-2', attempt: 1, lease: 42, assigned: T, phases: { test: ['make'] } }],
  },
  {
    from: 'drone',
    event: 'job:events',
    args: [
      {
        ...short,
        seq: 0,
        events: [
          [0, 'job:queued', T],
          [4, 'job:started', T + 4],
          [4, 'job:phase', 'test', T + 4],
          [5, 'job:cmd:start', 0, 'make', null],
        ],
      },
    ],
    answer: { cursor: 4 },
    note: 'seq 0 to 3',
  },
  {
    from: 'drone',
    event: 'job:events',
    args: [{ ...short, seq: 4, events: [[9, 'job:cmd:stdout', 0, 'cc -c a.c\n']] }],
    note: 'the connection breaks before the answer',
  },
  {
    from: 'drone',
    event: 'drone:resume',
    args: [{ attempts: [{ ...short, cursor: 7 }] }],
    answer: { attempts: [{ id: 'job-2', attempt: 1, action: 'continue', cursor: 5 }] },
    note: 'connected again; meanwhile its spool holds 7 events, of which 5 had arrived',
  },
  {
    from: 'drone',
    event: 'job:events',
    args: [
      {
        ...short,
        seq: 5,
        events: [
          [30, 'job:cmd:stdout', 0, 'cc -o a a.o\n'],
          [80, 'job:cmd:done', 0, 0],
        ],
      },
    ],
    answer: { cursor: 7 },
  },
  {
    from: 'drone',
    event: 'job:events',
    args: [
      {
        ...short,
        seq: 7,
        events: [
          [81, 'job:tested', 0, T + 81],
          [82, 'job:done', T + 82],
        ],
        end: { events: 9, sha256: createHash('sha256').update('cc -c a.c\ncc -o a a.o\n').digest('hex') },
      },
    ],
    answer: { cursor: 9 },
    note: 'the last frame: count and digest match, so the output is complete',
  },
];

export const callerExchange = [
  { from: 'caller', event: 'queue:new', args: [{ phases: { test: ['make'] } }], answer: { id: 'job-2' } },
  { from: 'caller', event: 'job:watch', args: ['job-2'], answer: { cursor: 0 } },
  { from: 'queen', event: 'job:queued', args: ['job-2', T] },
  { from: 'queen', event: 'job:started', args: ['job-2', T + 4] },
  { from: 'queen', event: 'job:phase', args: ['job-2', 'test', T + 4] },
  { from: 'queen', event: 'job:cmd:start', args: ['job-2', 0, 'make', null] },
  { from: 'queen', event: 'job:cmd:stdout', args: ['job-2', 0, 'cc -c a.c\n'] },
];

/** An exchange as lines of text: who speaks, the event, its arguments, and under it the answer. */
export function exchangeText(steps, peer) {
  const width = peer.length;
  const lines = steps.flatMap(({ from, event, args, answer, note }) => [
    ...(note ? [`# ${note}`] : []),
    `${from === 'queen' ? `queen -> ${peer}` : `${peer} -> queen`}  ${event}${args.map((arg) => ` ${JSON.stringify(arg)}`).join(',')}`,
    ...(answer ? [`${' '.repeat(width + 9)}  <- ${JSON.stringify(answer)}`] : []),
  ]);
  return ['```text', ...lines, '```'].join('\n');
}
