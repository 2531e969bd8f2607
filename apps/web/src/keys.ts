import { useEffect, useRef } from 'react';

const OFF_KEY = 'skep-keys-off';

/** Whether single keys do anything: whoever dictates, or holds keys by accident, can switch them off. */
export const areKeysOff = (): boolean => localStorage.getItem(OFF_KEY) === '1';
export const setKeysOff = (isOff: boolean): void => localStorage.setItem(OFF_KEY, isOff ? '1' : '0');

/** What each key does: a key, or two one after the other as in `g o`. */
export type KeyMap = Readonly<Record<string, (event: KeyboardEvent) => void>>;

const SEQUENCE_MS = 1000;
let prefix = '';
let prefixAt = 0;

/** Heeds keys while the component is there; never while somebody types, nor with Ctrl, Alt or Meta held. */
export function useKeys(map: KeyMap, isOn = true): void {
  const latest = useRef(map);
  latest.current = map;
  useEffect(() => {
    if (!isOn) return;
    const hear = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || areKeysOff() || isTyping(event.target)) return;
      if (document.querySelector('dialog[open]')) return;
      const sequence = performance.now() - prefixAt < SEQUENCE_MS ? `${prefix} ${event.key}` : '';
      const action = latest.current[sequence] ?? (sequence !== '' && prefix !== '' ? undefined : latest.current[event.key]);
      if (!action) return;
      event.preventDefault();
      prefix = '';
      action(event);
    };
    document.addEventListener('keydown', hear);
    return () => document.removeEventListener('keydown', hear);
  }, [isOn]);
}

/** Remembers the first key of a sequence; heard once, after all others. */
export function listenForPrefixes(): () => void {
  const hear = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey || event.key !== 'g') {
      if (event.key !== 'Shift') prefix = '';
      return;
    }
    prefix = prefix === 'g' && performance.now() - prefixAt < SEQUENCE_MS ? '' : 'g';
    prefixAt = performance.now();
  };
  window.addEventListener('keydown', hear);
  return () => window.removeEventListener('keydown', hear);
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) && !isTick(target);

const isTick = (target: HTMLElement): boolean => target instanceof HTMLInputElement && /^(checkbox|radio)$/.test(target.type);

/** All keys, for the page that shows them. */
export const keyHelp: readonly { where: string; keys: readonly (readonly [string, string])[] }[] = [
  {
    where: 'Everywhere',
    keys: [
      ['Ctrl K', 'go to anything'],
      ['g o', 'overview'],
      ['g j', 'jobs'],
      ['g p', 'projects'],
      ['g d', 'drones'],
      ['g s', 'schedules'],
      ['g a', 'artifacts'],
      ['g ,', 'settings'],
      ['c', 'new job'],
      ['?', 'these keys'],
    ],
  },
  {
    where: 'Lists',
    keys: [
      ['j k', 'next, previous'],
      ['x', 'select'],
      ['Enter', 'open'],
      ['r', 'retry'],
      ['Delete', 'cancel'],
      ['p', 'priority'],
      ['f', 'filter'],
    ],
  },
  {
    where: 'Output',
    keys: [
      ['/', 'search'],
      ['n N', 'next, previous hit'],
      ['e E', 'next, previous error'],
      ['] [', 'next, previous command'],
      ['o O', 'fold this, fold all'],
      ['G End', 'follow'],
      ['g g Home', 'to the top'],
      [':', 'go to a line'],
      ['t', 'times'],
      ['w', 'wrap'],
      ['y, Y', 'copy the link, copy the lines as a quotation'],
      ['.', 'raw output'],
      ['F', 'full screen'],
      ['Esc', 'leave'],
    ],
  },
];
