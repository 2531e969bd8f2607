import { MAX_DROPPED, type Platform, SkepError } from '@skep/protocol';
import type { PlatformDesk } from '../../ports.js';
import { tellDroneChanged, tellJobChanged } from '../announce.js';
import { assignWaiting } from '../assign.js';
import { type Core, type Decision, decide } from '../core.js';
import type { LiveDrone } from '../LiveDrone.js';

/** What people ask about platforms. @param checkReady throws while nothing can be decided */
export function createPlatformDesk(core: Core, checkReady: () => void): PlatformDesk {
  const dronesOf = (platform: string): LiveDrone[] => [...core.drones.values()].filter(({ record }) => record.platform === platform);

  function shown(name: string): Platform {
    const dropped = core.platforms.get(name);
    return {
      name,
      drones: dronesOf(name)
        .map(({ record }) => record.name)
        .sort(),
      dropped: dropped ? { since: dropped.droppedAt, ...(dropped.reason !== null && { reason: dropped.reason }) } : null,
    };
  }

  /** Has drones and jobs of a platform do as it now is; to be called when it was dropped or restored. */
  function follow(decision: Decision, name: string): void {
    for (const drone of dronesOf(name)) {
      drone.dropped = core.platforms.get(name);
      if (drone.ready) core.fleet.setDrone(drone.toFleetDrone(), core.clock.now());
      decision.tell(() => tellDroneChanged(core, drone));
    }
    assignWaiting(core, decision);
    for (const job of core.jobs.values())
      if (job.record.status === 'queued' && job.record.job.requires?.platform === name) tellJobChanged(core, decision, job);
    const platform = shown(name);
    decision.tell(() => core.announcer.platformChanged(platform));
  }

  return {
    list() {
      checkReady();
      const names = new Set(core.platforms.keys());
      for (const { record } of core.drones.values()) if (record.platform !== null) names.add(record.platform);
      return [...names].sort().map(shown);
    },

    async drop(name, reason) {
      checkReady();
      const before = core.platforms.get(name);
      if (!before && core.platforms.size >= MAX_DROPPED)
        throw new SkepError('TOO_MANY_PLATFORMS', `${MAX_DROPPED} platforms are dropped already`);
      const record = { name, reason: reason ?? null, droppedAt: before?.droppedAt ?? core.clock.now() };
      core.platforms.set(name, record);
      await decide(core, (decision) => {
        decision.write({ type: 'dropped-platform', record });
        follow(decision, name);
      });
      return shown(name);
    },

    async restore(name) {
      checkReady();
      if (!core.platforms.delete(name)) return shown(name);
      await decide(core, (decision) => {
        decision.write({ type: 'restore-platform', name });
        follow(decision, name);
      });
      return shown(name);
    },
  };
}
