import type { RefObject } from 'react';

/** The rows of a list, by the link in each, and how to go from one to the next. */
export function useRowFocus(list: RefObject<HTMLElement | null>, selector: string) {
  const rows = (): HTMLElement[] => [...(list.current?.querySelectorAll<HTMLElement>(selector) ?? [])];
  /** Which row has the focus; -1 if none. */
  const current = (): number => rows().indexOf(document.activeElement as HTMLElement);
  const move = (by: number): void => {
    const [links, at] = [rows(), current()];
    links[at === -1 ? 0 : Math.max(0, Math.min(links.length - 1, at + by))]?.focus();
  };
  return { current, move };
}
