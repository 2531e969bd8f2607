/** Of which jobs this browser tells when they end. All of it is the reader's own choice, and kept in this browser. */

const WATCHED_KEY = 'skep-watched';
const MINE_KEY = 'skep-watch-mine';
/** Of more, the first are forgotten. */
const MAX_WATCHED = 100;

/** Browsers have notifications only for pages of this machine, or that came by TLS. */
export const canNotify = (): boolean => 'Notification' in window;

/** Asks for leave where it was neither given nor refused. @returns whether notifications are shown */
export async function askLeave(): Promise<boolean> {
  if (!canNotify()) return false;
  return (Notification.permission === 'default' ? await Notification.requestPermission() : Notification.permission) === 'granted';
}

export function watchedJobs(): string[] {
  try {
    const ids: unknown = JSON.parse(localStorage.getItem(WATCHED_KEY) ?? '[]');
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

export const isWatched = (id: string): boolean => watchedJobs().includes(id);

export function setWatched(id: string, isOn: boolean): void {
  const others = watchedJobs().filter((other) => other !== id);
  localStorage.setItem(WATCHED_KEY, JSON.stringify((isOn ? [...others, id] : others).slice(-MAX_WATCHED)));
}

/** Whether every job that is submitted in this browser is watched. */
export const areMineWatched = (): boolean => localStorage.getItem(MINE_KEY) === '1';
export const setMineWatched = (isOn: boolean): void => localStorage.setItem(MINE_KEY, isOn ? '1' : '0');

/** To be told of every job that this browser submits. */
export function startedHere(id: string): void {
  if (areMineWatched()) setWatched(id, true);
}
