import { SkepError } from '@skep/protocol';
import { X } from 'lucide-react';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react';

interface Notice {
  id: number;
  kind: 'done' | 'failed';
  text: ReactNode;
}

interface Notices {
  say(text: ReactNode): void;
  fail(what: string, error: unknown): void;
  /** Does something, and says how it went. Resolved with whether it was done. */
  attempt(what: string, action: () => Promise<ReactNode>): Promise<boolean>;
}

const STAYS_MS = 6000;
const NoticesContext = createContext<Notices | undefined>(undefined);

/** Says what happened, or why not. */
export function useNotices(): Notices {
  const notices = useContext(NoticesContext);
  if (!notices) throw new Error('There are no notices around this component');
  return notices;
}

/** An error in words: what happened, and what to do next. */
export function errorWords(error: unknown): string {
  if (error instanceof SkepError) return [error.message, error.hint].filter(Boolean).join('. ');
  return error instanceof Error ? error.message : String(error);
}

export function NoticesAround({ children }: { children: ReactNode }) {
  const [notices, setNotices] = useState<readonly Notice[]>([]);
  const next = useRef(0);
  const drop = useCallback((id: number) => setNotices((all) => all.filter((notice) => notice.id !== id)), []);
  const value = useMemo<Notices>(() => {
    const add = (kind: Notice['kind'], text: ReactNode): void => {
      next.current += 1;
      const id = next.current;
      setNotices((all) => [...all.slice(-3), { id, kind, text }]);
      if (kind === 'done') setTimeout(() => drop(id), STAYS_MS);
    };
    const fail = (what: string, error: unknown): void => add('failed', `${what}: ${errorWords(error)}`);
    return {
      say: (text) => add('done', text),
      fail,
      async attempt(what, action) {
        try {
          add('done', await action());
          return true;
        } catch (error) {
          fail(what, error);
          return false;
        }
      },
    };
  }, [drop]);
  return (
    <NoticesContext.Provider value={value}>
      {children}
      <div className="notices" role="status" aria-live="polite">
        {notices.map(({ id, kind, text }) => (
          <div key={id} className={`notice is-${kind}`}>
            <div>{text}</div>
            <button type="button" className="icon-button" aria-label="Dismiss" onClick={() => drop(id)}>
              <X size={16} aria-hidden="true" />
            </button>
          </div>
        ))}
      </div>
    </NoticesContext.Provider>
  );
}
