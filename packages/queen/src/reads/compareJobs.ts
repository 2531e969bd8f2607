import type { ArtifactInfo, CommandInfo, Comparison, JobInfo, JobSummary } from '@skep/protocol';

/** One of the two. */
export interface Side {
  summary: JobSummary;
  info: JobInfo;
  artifacts: readonly ArtifactInfo[];
}

/** What is alike and what is not in two jobs. */
export function compareJobs(a: Side, b: Side): Comparison {
  const artifacts = compareArtifacts(a.artifacts, b.artifacts);
  return {
    a: a.summary,
    b: b.summary,
    inputs: compareInputs(a.info.data, b.info.data),
    durations: compareDurations(a.info, b.info),
    artifacts,
    sameArtifacts: artifacts.length > 0 && artifacts.every(({ state }) => state === 'equal'),
  };
}

/** What names a job and says where it came from makes it no other job. */
const NAMES: ReadonlySet<string> = new Set(['id', 'job_id', 'trigger', 'retryOf']);

function compareInputs(a: unknown, b: unknown): Comparison['inputs'] {
  const [inA, inB] = [leavesOf(a), leavesOf(b)];
  return [...new Set([...inA.keys(), ...inB.keys()])]
    .filter((path) => !NAMES.has(path.split('.', 1)[0] ?? '') && JSON.stringify(inA.get(path)) !== JSON.stringify(inB.get(path)))
    .sort()
    .map((path) => ({ path, a: inA.get(path) ?? null, b: inB.get(path) ?? null }));
}

function leavesOf(value: unknown, path = '', leaves = new Map<string, unknown>()): Map<string, unknown> {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) leaves.set(path, value);
  else for (const [name, each] of Object.entries(value)) leavesOf(each, path === '' ? name : `${path}.${name}`, leaves);
  return leaves;
}

const spanOf = (from: number | null | undefined, to: number | null | undefined): number | null =>
  from == null || to == null ? null : to - from;

function compareDurations(a: JobInfo, b: JobInfo): Comparison['durations'] {
  const commands = new Map<string, { a: number | null; b: number | null }>();
  for (const [side, { cmds }] of [
    ['a', a],
    ['b', b],
  ] as const)
    for (const [name, ms] of timesOf(cmds)) commands.set(name, { ...(commands.get(name) ?? { a: null, b: null }), [side]: ms });
  return [
    { what: 'waiting', a: spanOf(a.queued, a.started), b: spanOf(b.queued, b.started) },
    { what: 'running', a: spanOf(a.started, a.finished), b: spanOf(b.started, b.finished) },
    ...[...commands].map(([what, times]) => ({ what, ...times })),
  ];
}

/** Of commands that are alike, the times together. */
function timesOf(cmds: readonly CommandInfo[]): Map<string, number | null> {
  const times = new Map<string, number | null>();
  for (const { num, cmd, screencmd, started, finished } of cmds) {
    if (num < 0) continue;
    const name = screencmd ?? cmd;
    const ms = spanOf(started, finished);
    times.set(name, ms === null ? (times.get(name) ?? null) : (times.get(name) ?? 0) + ms);
  }
  return times;
}

/** Which artifacts are alike in two jobs, by their paths: in content and mode. */
export function compareArtifacts(a: readonly Compared[], b: readonly Compared[]): Comparison['artifacts'] {
  const [inA, inB] = [byPath(a), byPath(b)];
  return [...new Set([...inA.keys(), ...inB.keys()])].sort().map((path) => {
    const [one = null, other = null] = [inA.get(path), inB.get(path)];
    const isEqual = one?.sha256 === other?.sha256 && one?.mode === other?.mode;
    const state = one === null ? 'only-b' : other === null ? 'only-a' : isEqual ? 'equal' : 'differs';
    return { path, state, a: one, b: other };
  });
}

type Compared = Pick<ArtifactInfo, 'path' | 'size' | 'mode' | 'sha256'>;

const byPath = (artifacts: readonly Compared[]): Map<string, { size: number; mode: number; sha256: string }> =>
  new Map(artifacts.map(({ path, size, mode, sha256 }) => [path, { size, mode, sha256 }]));
