import { JobId } from '@skep/protocol';
import { useId, useState } from 'react';
import { useLocation } from 'wouter';
import { useJobs } from '../feed/queries.js';
import { useQueue } from '../feed/useFeed.js';
import { lookOf } from '../looks.js';
import { Dialog } from './Dialog.js';
import { dronePath, jobPath, shortId } from './jobActions.js';

interface Target {
  path: string;
  text: string;
  what: string;
}

const pages: readonly Target[] = [
  { path: '/', text: 'Overview', what: 'page' },
  { path: '/jobs', text: 'Jobs', what: 'page' },
  { path: '/jobs/new', text: 'New job', what: 'page' },
  { path: '/projects', text: 'Projects', what: 'page' },
  { path: '/drones', text: 'Drones', what: 'page' },
  { path: '/schedules', text: 'Schedules', what: 'page' },
  { path: '/artifacts', text: 'Artifacts', what: 'page' },
  { path: '/compare', text: 'Compare two jobs', what: 'page' },
  { path: '/settings/tokens', text: 'Tokens', what: 'page' },
  { path: '/settings/system', text: 'System', what: 'page' },
  { path: '/settings/browser', text: 'This browser', what: 'page' },
];
const MAX_SHOWN = 12;

/** Goes anywhere by a few letters; any id goes straight to its job. */
export function Palette({ onClose }: { onClose: () => void }) {
  const [, navigate] = useLocation();
  const { drones } = useQueue();
  const { jobs } = useJobs({});
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const id = useId();

  const all: Target[] = [
    ...pages,
    ...[...drones.values()].map((drone) => ({ path: dronePath(drone.id), text: drone.name, what: `drone, ${drone.state}` })),
    ...jobs.map((job) => ({ path: jobPath(job.id), text: job.title, what: `${lookOf(job).word} · ${shortId(job.id)} ${job.id}` })),
  ];
  const wanted = text.trim();
  const found = all.filter((target) => `${target.text} ${target.what}`.toLowerCase().includes(wanted.toLowerCase())).slice(0, MAX_SHOWN);
  const isId = wanted.length > 3 && JobId.safeParse(wanted).success;
  const shown =
    isId && !found.some(({ path }) => path === jobPath(wanted))
      ? [...found, { path: jobPath(wanted), text: wanted, what: 'the job of this id' }]
      : found;
  const go = (target: Target | undefined): void => {
    if (!target) return;
    onClose();
    navigate(target.path);
  };
  const chosen = Math.min(at, shown.length - 1);
  return (
    <Dialog title="Go to" onClose={onClose} className="palette">
      <input
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={shown.length > 0 ? `${id}-${chosen}` : undefined}
        aria-label="Page, drone, job or id"
        placeholder="Page, drone, job or id"
        autoComplete="off"
        autoFocus
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setAt(Math.min(shown.length - 1, chosen + 1));
          else if (event.key === 'ArrowUp') setAt(Math.max(0, chosen - 1));
          else if (event.key === 'Enter') go(shown[chosen]);
          else return;
          event.preventDefault();
        }}
      />
      <div role="listbox" id={`${id}-list`} aria-label="Where to">
        {shown.map((target, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's
          <div
            key={target.path}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            onClick={() => go(target)}
          >
            <span className="title">{target.text}</span>
            <span className="faint">{target.what.replace(/ [0-9A-Z]{26}$/, '')}</span>
          </div>
        ))}
      </div>
      {shown.length === 0 && <p className="faint">Nothing of this name among pages, drones and the newest jobs.</p>}
    </Dialog>
  );
}
