import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { execa } from 'execa';
import { startDrone } from '../helpers/startDrone.js';
import { TestQueen } from '../helpers/startQueen.js';
import { tempDir } from '../helpers/tempDir.js';

const JOBS = 50;

/** A git repository with a few commits; the ids of them. */
async function makeRepository(path: string): Promise<string[]> {
  await mkdir(path);
  const git = (...args: string[]) => execa('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.org', ...args], { cwd: path });
  await git('init', '-q', '-b', 'main');
  const commits: string[] = [];
  for (let i = 0; i < 5; i++) {
    await writeFile(join(path, `file-${i}.txt`), `größe ${i}\n`.repeat(i * 500 + 1));
    await git('add', '.');
    await git('commit', '-q', '-m', `commit ${i}`);
    commits.push((await git('rev-parse', 'HEAD')).stdout);
  }
  return commits;
}

/** Commands whose output depends on the commit and on nothing else. */
const commandsOf = (i: number): string[] => [
  'git log --format=%H%n%s',
  'cat file-*.txt; ls >&2',
  `i=0; while [ $i -lt ${20 * i} ]; do echo "line $i of ${i}"; i=$((i + 1)); done; exit ${i % 3}`,
];

test(`${JOBS} jobs of a real repository over 3 drones give, byte for byte, what the same commands give without Skep`, async () => {
  await using folder = await tempDir();
  const path = join(folder.path, 'repo');
  const commits = await makeRepository(path);
  await using skep = await TestQueen.start();
  await using _a = await startDrone(skep.url, { name: 'a', speed: 1, capacity: 1 });
  await using _b = await startDrone(skep.url, { name: 'b', speed: 5, capacity: 2 });
  await using _c = await startDrone(skep.url, { name: 'c', speed: 3, capacity: 3 });

  const jobs = Array.from({ length: JOBS }, (_, i) => ({ i, commit: commits[i % commits.length] ?? '' }));
  const ids = await Promise.all(
    jobs.map(({ i, commit }) =>
      skep.submit({ repo: { url: pathToFileURL(path).href }, ref: { branch: 'main', id: commit }, phases: { test: commandsOf(i) } }),
    ),
  );
  const drones = new Set<string | undefined>();
  for (const { i, commit } of jobs) {
    const info = await skep.done(ids[i] ?? '');
    drones.add(info.drone);
    const clone = join(folder.path, `clone-${i}`);
    await execa('git', ['clone', '-q', path, clone]);
    await execa('git', ['checkout', '-q', commit], { cwd: clone });
    const own = info.cmds.filter(({ phase }) => phase === 'test');
    for (const [n, command] of commandsOf(i).entries()) {
      const bare = await execa('/bin/sh', ['-e', '-c', command], { cwd: clone, reject: false, stripFinalNewline: false });
      expect({ out: own[n]?.out, err: own[n]?.err, code: own[n]?.exitCode }).toEqual({
        out: bare.stdout,
        err: bare.stderr,
        code: bare.exitCode,
      });
    }
    expect(info).toMatchObject({ outcome: i % 3 === 0 ? 'passed' : 'failed', exitCode: i % 3, output: { state: 'complete' } });
  }
  expect(drones).toEqual(new Set(['a', 'b', 'c']));
}, 180_000);
