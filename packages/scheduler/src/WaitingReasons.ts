import type { Waiting } from '@skep/protocol';
import { compareIds } from './compareIds.js';
import type { Groups } from './Groups.js';
import type { Registry } from './Registry.js';
import type { RequirementClass } from './RequirementClass.js';
import { unmet } from './requirements.js';
import type { Waiter } from './Waiter.js';

/**
 * Says why a job waits. What costs a look at every drone is the same for all jobs of a class, and is kept until a drone
 * comes, goes or says something new.
 */
export class WaitingReasons {
  readonly #registry: Registry;
  readonly #groups: Groups;
  #version = -1;
  /** The reason of all jobs of a class that no open drone could run. */
  readonly #stuck = new Map<RequirementClass, Waiting>();
  /** The classes whose jobs compete with those of a class for at least one open drone, itself included. */
  readonly #rivals = new Map<RequirementClass, RequirementClass[]>();

  constructor(registry: Registry, groups: Groups) {
    this.#registry = registry;
    this.#groups = groups;
  }

  of(waiter: Waiter): Waiting {
    const { requirementClass, drone, group } = waiter;
    if (group && !this.#groups.isInLine(waiter)) return { reason: 'group-full', group: group.name };
    this.#forgetIfChanged();
    if (!drone) return kept(this.#stuck, requirementClass, () => this.#whyStuck(requirementClass));
    const rivals = kept(this.#rivals, requirementClass, () => this.#rivalsOf(requirementClass));
    const ahead = rivals.reduce((sum, { line }) => sum + line.countBefore(waiter), 0);
    return { reason: 'all-busy', position: ahead + 1, drone: drone.id };
  }

  #whyStuck({ requirements, closed }: RequirementClass): Waiting {
    const { drones } = this.#registry;
    if (drones.size === 0) return { reason: 'no-drone' };
    if (closed.size > 0) return { reason: 'paused', drones: [...closed].map(({ id }) => id).sort(compareIds) };
    return { reason: 'unmet-requirements', which: unmet(drones.values(), requirements) };
  }

  #rivalsOf(requirementClass: RequirementClass): RequirementClass[] {
    const shared = [...requirementClass.open].map(({ places }) => places);
    return [...this.#registry.classes.values()].filter((other) => shared.some((places) => places.has(other)));
  }

  #forgetIfChanged(): void {
    if (this.#version === this.#registry.version) return;
    this.#version = this.#registry.version;
    this.#stuck.clear();
    this.#rivals.clear();
  }
}

function kept<K, V>(answers: Map<K, V>, key: K, find: () => V): V {
  const known = answers.get(key);
  if (known !== undefined) return known;
  const found = find();
  answers.set(key, found);
  return found;
}
