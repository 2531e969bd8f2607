import { readFile, writeFile } from 'node:fs/promises';

/** Measures by how many bytes the resident memory of a process grows at its highest while something is done. Linux only: by /proc. */
export async function peakGrowth<T>(pids: readonly number[], perform: () => Promise<T>): Promise<{ result: T; growth: number[] }> {
  // 5: the highest so far is forgotten.
  for (const pid of pids) await writeFile(`/proc/${pid}/clear_refs`, '5');
  const before = await Promise.all(pids.map((pid) => read(pid, 'VmRSS')));
  const result = await perform();
  const highest = await Promise.all(pids.map((pid) => read(pid, 'VmHWM')));
  return { result, growth: highest.map((bytes, index) => bytes - (before[index] ?? 0)) };
}

async function read(pid: number, name: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024;
}
