import type { KeyMap } from '../keys.js';
import type { Controller } from './Controller.js';

/** What the keys of the output do beyond its controller. */
interface Tools {
  search(): void;
  goToLine(): void;
  nextTimes(): void;
  wrap(): void;
  copyLink(): void;
  copyQuoted(): void;
  raw(): void;
  fullScreen(): void;
  leave(): void;
}

/** The keys of the output. `now` is asked at each key: there is another controller for another output. */
export const outputKeys = (now: () => Controller | undefined, tools: Tools): KeyMap =>
  Object.fromEntries([
    ['/', tools.search],
    ['n', () => now()?.nextHit(1)],
    ['N', () => now()?.nextHit(-1)],
    ['e', () => now()?.nextError(1)],
    ['E', () => now()?.nextError(-1)],
    [']', () => now()?.nextCommand(1)],
    ['[', () => now()?.nextCommand(-1)],
    ['o', () => now()?.foldThis()],
    ['O', () => now()?.foldAll()],
    ['G', () => now()?.follow()],
    ['End', () => now()?.follow()],
    ['g g', () => now()?.toTop()],
    ['Home', () => now()?.toTop()],
    [':', tools.goToLine],
    ['t', tools.nextTimes],
    ['w', tools.wrap],
    ['y', tools.copyLink],
    ['Y', tools.copyQuoted],
    ['.', () => tools.raw()],
    ['F', tools.fullScreen],
    ['Escape', tools.leave],
  ]);
