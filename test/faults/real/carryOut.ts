import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './plan.js';
import { signal } from './processes.js';
import type { Site } from './Site.js';

/** A cut in mid-frame comes after at most so many bytes. */
const CUT_WITHIN_BYTES = 60_000;

/**
 * Makes something go wrong for a while. When it settles, it is over: what was killed is started again, what was stopped
 * goes on, and the line is good.
 * @returns whether it could be done: there may have been no executor to kill, no disk of its own to fill
 */
export async function carryOut(site: Site, { kind, drone: index, forMs, chance }: Fault): Promise<boolean> {
  const drone = site.drones[index];
  const { line } = drone ?? site;
  switch (kind) {
    case 'line cut':
      line.cut();
      return true;
    case 'line cut in mid-frame':
      line.cutAfter(1 + Math.floor(chance * CUT_WITHIN_BYTES));
      return whileIt(forMs, () => line.heal());
    case 'line down':
      line.set({ kind: 'down' });
      return whileIt(forMs, () => line.heal());
    case 'line half-open':
      line.set({ kind: 'half-open', side: chance < 0.3 ? 'up' : chance < 0.6 ? 'down' : 'both' });
      return whileIt(forMs, () => line.heal());
    case 'line at 1 byte/s':
      line.set({ kind: 'trickle' });
      return whileIt(forMs, () => line.heal());
    case 'line delayed':
      line.set({ kind: 'delay', ms: 20 + chance * 500 });
      return whileIt(forMs, () => line.heal());
    case 'queen kill -9':
      await site.queen.kill();
      return whileIt(forMs, () => site.startQueen());
    case 'queen stopped':
      return stopFor(site.queen.pid, forMs);
    case "queen's disk full":
      if (!site.queenDisk) return false;
      site.queenDisk.fill();
      return whileIt(forMs, () => site.queenDisk?.free());
    case "drone's disk full":
      if (!drone?.disk) return false;
      drone.disk.fill();
      return whileIt(forMs, () => drone.disk?.free());
    case 'supervisor kill -9':
      await drone?.process.kill();
      return whileIt(forMs, () => drone?.process.start());
    case 'supervisor stopped':
      return stopFor(drone?.process.pid ?? 0, forMs);
    case 'all of a drone kill -9':
      // As when its machine dies, in an order in which nobody sees the end of another.
      await drone?.process.kill();
      for (const { pid } of drone ? site.executorsOf(drone) : []) signal(pid, 'SIGKILL');
      for (const { pid } of drone ? site.processesOf(drone) : []) signal(pid, 'SIGKILL');
      return whileIt(forMs, () => drone?.process.start());
    default: {
      const executors = drone ? site.executorsOf(drone) : [];
      const chosen = executors[Math.floor(chance * executors.length)];
      if (!chosen) return false;
      if (kind === 'executor stopped') return stopFor(chosen.pid, forMs);
      signal(chosen.pid, 'SIGKILL');
      return true;
    }
  }
}

async function whileIt(forMs: number, end: () => void): Promise<true> {
  await sleep(forMs);
  end();
  return true;
}

function stopFor(pid: number, forMs: number): Promise<boolean> | boolean {
  if (pid === 0) return false;
  signal(pid, 'SIGSTOP');
  return whileIt(forMs, () => signal(pid, 'SIGCONT'));
}
