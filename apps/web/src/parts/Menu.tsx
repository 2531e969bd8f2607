import { ChevronDown } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react';

interface MenuItem {
  text: string;
  onSelect: () => void;
}

/** A button that opens a list of actions: the browser's own popover, which shuts on Escape and on a click beside it, and gives the focus back. */
export function Menu({ label, items, isOff = false }: { label: ReactNode; items: readonly MenuItem[]; isOff?: boolean }) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const buttons = (): HTMLElement[] => [...(list.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
  const move = (event: KeyboardEvent): void => {
    const all = buttons();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    all[(next + all.length) % all.length]?.focus();
  };
  const opened = (isOpen: boolean): void => {
    const [from, to] = [button.current?.getBoundingClientRect(), list.current];
    if (!isOpen || !from || !to) return;
    to.style.top = `${from.bottom + 4}px`;
    to.style.left = `${Math.max(8, Math.min(from.left, innerWidth - to.offsetWidth - 8))}px`;
    buttons()[0]?.focus();
  };
  return (
    <>
      <button ref={button} type="button" className="button" disabled={isOff} popoverTarget={id} aria-haspopup="menu">
        {label}
        <ChevronDown size={14} aria-hidden="true" />
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        role="menu"
        className="menu"
        tabIndex={-1}
        onToggle={(event) => opened(event.newState === 'open')}
        onKeyDown={move}
      >
        {items.map(({ text, onSelect }) => (
          <button
            key={text}
            type="button"
            role="menuitem"
            tabIndex={-1}
            onClick={() => {
              list.current?.hidePopover();
              onSelect();
            }}
          >
            {text}
          </button>
        ))}
      </div>
    </>
  );
}
