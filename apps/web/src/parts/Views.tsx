import type { JobsFilter, View } from '@skep/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Bookmark, X } from 'lucide-react';
import { useId, useState } from 'react';
import { Link } from 'wouter';
import { isSameFilter, searchOf } from '../feed/jobFilter.js';
import { useFeed, useQueue } from '../feed/useFeed.js';
import { Dialog } from './Dialog.js';
import { useNotices } from './notices.js';

const key = ['views'];

/** The filters that have a name, for everybody who uses this queen; and a way to give one to what is shown. */
export function Views({ filter }: { filter: JobsFilter }) {
  const { client } = useFeed();
  const { connection } = useQueue();
  const notices = useNotices();
  const queries = useQueryClient();
  const [asks, setAsks] = useState(false);
  const { data: views = [] } = useQuery({ queryKey: key, queryFn: () => client.views.list(), staleTime: 0 });
  const again = (): Promise<void> => queries.invalidateQueries({ queryKey: key });
  const isOff = connection !== 'live';
  const shown = views.find((view) => isSameFilter(view.filter, filter));
  const isAll = isSameFilter(filter, {});

  const put = (view: Pick<View, 'name' | 'filter'>, words: string): void =>
    void notices.attempt('The view is not kept', async () => {
      await client.views.put(view.name, view.filter);
      await again();
      return words;
    });
  const remove = async (view: View): Promise<void> => {
    // Gone at once; there again if the queen says no.
    queries.setQueryData<View[]>(key, (all) => all?.filter(({ name }) => name !== view.name));
    await notices.attempt('The view is not removed', async () => {
      await client.views.remove(view.name);
      return (
        <>
          The view “{view.name}” is removed for everybody.{' '}
          <button type="button" className="button is-quiet" onClick={() => put(view, `The view “${view.name}” is back.`)}>
            Undo
          </button>
        </>
      );
    });
    await again();
  };
  if (views.length === 0 && isAll) return null;
  return (
    <nav className="views" aria-label="Views">
      {views.map((view) => (
        <span key={view.name} className="view">
          <Link href={`/jobs?${searchOf(view.filter)}`} aria-current={view === shown ? 'page' : undefined}>
            <Bookmark size={14} aria-hidden="true" />
            {view.name}
          </Link>
          {view === shown && (
            <button
              type="button"
              className="icon-button"
              aria-label={`Remove the view ${view.name}`}
              disabled={isOff}
              onClick={() => void remove(view)}
            >
              <X size={14} aria-hidden="true" />
            </button>
          )}
        </span>
      ))}
      {!shown && !isAll && (
        <button type="button" className="button is-quiet" disabled={isOff} onClick={() => setAsks(true)}>
          Save as a view
        </button>
      )}
      {asks && (
        <NewView
          views={views}
          onClose={() => setAsks(false)}
          onName={(name) => put({ name, filter }, `Everybody has the view “${name}” now.`)}
        />
      )}
    </nav>
  );
}

function NewView({ views, onName, onClose }: { views: readonly View[]; onName: (name: string) => void; onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const id = useId();
  const name = typed.trim();
  const isTaken = views.some((view) => view.name === name);
  return (
    <Dialog title="Save as a view" onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (name === '') return;
          onName(name);
          onClose();
        }}
      >
        <p>Everybody who uses this queen finds it above the list of jobs.</p>
        <label htmlFor={id}>Name</label>
        <input
          id={id}
          type="text"
          maxLength={100}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          aria-describedby={`${id}-note`}
        />
        <p id={`${id}-note`} className="faint" role="status">
          {isTaken && `“${name}” is there already; it will show what is shown now.`}
        </p>
        <div className="actions">
          <button type="button" className="button" onClick={onClose}>
            Leave it
          </button>
          <button type="submit" className="button is-main" disabled={name === ''}>
            {isTaken ? 'Replace it' : 'Save'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
