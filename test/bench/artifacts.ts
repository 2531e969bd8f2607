import { randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job, JobInfo } from '@skep/protocol';
import { execa } from 'execa';
import { assemble } from './lib/assemble.js';
import { now } from './lib/clock.js';
import { type Contestant, compare } from './lib/compare.js';
import { peakGrowth } from './lib/peakMemory.js';
import { goals, type Question, type Row } from './lib/Row.js';
import { startNginx } from './lib/startNginx.js';
import { startSkep } from './lib/startSkep.js';

const MB = 1e6;
const MIB = 1024 * 1024;
const FILE_BYTES = Number(process.env.SKEP_BENCH_ARTIFACT_MIB ?? 256) * MIB;

/** A file that a job leaves behind, from the drone's disk to the queen's and from there to who fetches it, beside curl and nginx. */
export const artifacts: Question = {
  name: 'artifacts',
  question: `an artifact of ${FILE_BYTES / MIB} MiB`,
  run: async () => {
    const nginx = await startNginx();
    await using parties = await assemble(async (keep) => ({
      ...(nginx && { nginx: keep(nginx) }),
      skep: keep(await startSkep({ capacity: 1, tasks: false })),
    }));
    const { skep } = parties;
    const file = join(skep.folder, 'file');
    await writeRandom(file, FILE_BYTES);
    const build = async (size: number): Promise<JobInfo> => {
      const info = await skep.caller.ask('build', leaving(file, size));
      if (info.outcome !== 'passed') throw new Error(`The job ended ${info.outcome}: ${info.cmds.at(-1)?.err}`);
      return info;
    };
    // Whose process it is that runs the commands of a job.
    const executor = Number((await build(1)).cmds[0]?.out);
    const queen = await skep.queen.ask('pid', undefined);

    let last = '';
    const upload = async (): Promise<Record<'rate', number>> => {
      const { id, cmds } = await build(FILE_BYTES);
      const { started, finished } = cmds.at(-1) ?? {};
      last = `${skep.url}/api/jobs/${id}/artifacts/file`;
      return { rate: rateOf((finished ?? 0) - (started ?? 0)) };
    };
    const curl = async (...args: string[]): Promise<Record<'rate', number>> => {
      const began = now();
      await execa('curl', ['-sSf', ...args]);
      return { rate: rateOf(now() - began) };
    };
    const memory = await peakGrowth([queen, executor], upload);
    const download = await peakGrowth([queen], () => curl('-o', '/dev/null', last));
    const beside = (ours: () => Promise<Record<'rate', number>>, ...args: string[]): Promise<Map<string, Record<'rate', number>>> => {
      const contestants: Contestant<'rate'>[] = [{ name: 'Skep', run: ours }];
      if (nginx) contestants.push({ name: 'nginx', run: () => curl(...args, `${nginx.url}/file`) });
      return compare(contestants);
    };
    const up = await beside(upload, '-T', file);
    const down = await beside(() => curl('-o', '/dev/null', last), '-o', '/dev/null');
    const rows = [
      ['uploaded by a drone, digests included', up, 'curl to nginx'],
      ['downloaded with curl', down, 'curl from nginx'],
    ] as const;
    const [queenUp = 0, executorUp = 0] = memory.growth;
    return [
      ...rows.map(
        ([figure, medians, name]): Row => ({
          figure,
          unit: 'MB/s',
          skep: medians.get('Skep')?.rate ?? Number.NaN,
          yardstick: { name, value: medians.get('nginx')?.rate },
          goal: goals.shareAtLeast(0.6),
        }),
      ),
      { figure: 'memory that the upload adds to the drone', unit: 'MB', skep: executorUp / MB, goal: goals.atMost(100, 'MB') },
      { figure: 'memory that it adds to the queen', unit: 'MB', skep: queenUp / MB, goal: goals.atMost(100, 'MB') },
      {
        figure: 'memory that the download adds to the queen',
        unit: 'MB',
        skep: (download.growth[0] ?? 0) / MB,
        goal: goals.atMost(100, 'MB'),
      },
    ];
  },
};

const rateOf = (ms: number): number => FILE_BYTES / MB / (ms / 1000);

/** A job that leaves a file behind which is like no other, so that its content is really sent; it says who runs it. */
const leaving = (file: string, size: number): Job => ({
  artifacts: ['file'],
  phases: { test: ['echo $PPID', `head -c ${size} ${file} > file`, 'printf "%s" "$SKEP_JOB_ID" | dd of=file conv=notrunc status=none'] },
  timeout: { job: 600 },
});

async function writeRandom(path: string, bytes: number): Promise<void> {
  await rm(path, { force: true });
  const file = await open(path, 'w');
  const piece = randomBytes(Math.min(bytes, 16 * MIB));
  for (let at = 0; at < bytes; at += piece.length) await file.write(piece);
  await file.close();
}
