import type { Requirements } from '@skep/protocol';
import { compareIds } from './compareIds.js';

/** What a drone can offer to requirements. */
export interface Offer {
  id: string;
  name: string;
  labels: Readonly<Record<string, string>>;
  plugins: ReadonlySet<string>;
  handlers: ReadonlySet<string>;
  speed: number;
  platform: string | null;
}

/** Requirements in the one form that all ways of writing them lead to: sorted, each once. */
export function canonical({ labels, plugins, handlers, minSpeed, platform, drone, notDrones }: Requirements): Requirements {
  return {
    labels: Object.fromEntries(Object.entries(labels).sort(([a], [b]) => compareIds(a, b))),
    plugins: [...new Set(plugins)].sort(compareIds),
    handlers: [...new Set(handlers)].sort(compareIds),
    minSpeed,
    platform,
    drone,
    notDrones: [...new Set(notDrones)].sort(compareIds),
  };
}

/** The same text for the same canonical requirements, another for all others. */
export const requirementKey = ({ labels, plugins, handlers, minSpeed, platform, drone, notDrones }: Requirements): string =>
  JSON.stringify([Object.entries(labels), plugins, handlers, minSpeed, platform, drone, notDrones]);

/** Whether a drone has all that is asked for. */
export function meets(offer: Offer, { labels, plugins, handlers, minSpeed, platform, drone, notDrones }: Requirements): boolean {
  if (drone !== null && !isCalled(offer, drone)) return false;
  if (offer.speed < minSpeed || (platform !== null && offer.platform !== platform) || notDrones.includes(offer.id)) return false;
  for (const key in labels) if (offer.labels[key] !== labels[key]) return false;
  return plugins.every((plugin) => offer.plugins.has(plugin)) && handlers.every((handler) => offer.handlers.has(handler));
}

/** Whether a drone is the one that is meant, by its id or its name. */
const isCalled = ({ id, name }: Offer, drone: string): boolean => id === drone || name === drone;

/**
 * The requirements that stand between a job and these drones, none of which meets all of them: those that no drone
 * meets, or, where each is met by some drone, all of them. Named as in `labels.os=linux`, `plugins.node`,
 * `handlers.resize`, `minSpeed=100`, `platform=debian-12`, `drone=linux-1`, `notDrones.linux-1`, in this order, and by name within each.
 */
export function unmet(offers: Iterable<Offer>, requirements: Requirements): string[] {
  const singles = singleRequirements(requirements);
  const missing = new Map(singles);
  for (const offer of offers) {
    for (const [name, isMetBy] of missing) if (isMetBy(offer)) missing.delete(name);
    if (missing.size === 0) break;
  }
  return [...(missing.size > 0 ? missing : singles).keys()];
}

function singleRequirements(requirements: Requirements): Map<string, (offer: Offer) => boolean> {
  const { labels, plugins, handlers, minSpeed, platform, drone, notDrones } = requirements;
  const singles = new Map<string, (offer: Offer) => boolean>();
  for (const [key, value] of Object.entries(labels)) singles.set(`labels.${key}=${value}`, (offer) => offer.labels[key] === value);
  for (const plugin of plugins) singles.set(`plugins.${plugin}`, (offer) => offer.plugins.has(plugin));
  for (const handler of handlers) singles.set(`handlers.${handler}`, (offer) => offer.handlers.has(handler));
  if (minSpeed > 0) singles.set(`minSpeed=${minSpeed}`, (offer) => offer.speed >= minSpeed);
  if (platform !== null) singles.set(`platform=${platform}`, (offer) => offer.platform === platform);
  if (drone !== null) singles.set(`drone=${drone}`, (offer) => isCalled(offer, drone));
  for (const id of notDrones) singles.set(`notDrones.${id}`, (offer) => offer.id !== id);
  return singles;
}
