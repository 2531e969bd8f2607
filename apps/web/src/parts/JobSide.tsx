import type { AttemptInfo, JobInfo } from '@skep/protocol';
import { ArtifactsPanel } from '../artifacts/ArtifactsPanel.js';
import { useArtifacts } from '../artifacts/useArtifacts.js';
import { asJson } from '../asCli.js';
import type { AttemptEventLine } from '../output/useOutput.js';
import { clockTime, span } from '../words.js';
import { useAddressPart } from './useAddressPart.js';

const tabs = ['Artifacts', 'Environment', 'Events', 'JSON'] as const;

/** What else there is to know of a job, and what the shown attempt left behind; which of it is open stands in the address. */
export function JobSide({ job, attempt, events }: { job: JobInfo; attempt: AttemptInfo | undefined; events: readonly AttemptEventLine[] }) {
  const [address, setAddress] = useAddressPart('tab');
  const artifacts = useArtifacts(job.id, attempt);
  // A parent itself leaves nothing behind, and nothing happens to it: its children say all of that.
  const shown = job.children ? tabs.filter((tab) => tab === 'Environment' || tab === 'JSON') : tabs;
  const open = shown.find((tab) => tab.toLowerCase() === address);
  const counts = { Artifacts: artifacts.data?.length ?? 0, Environment: 0, Events: events.length, JSON: 0 };
  return (
    <aside className={`side${open ? ' is-open' : ''}${open === 'Artifacts' ? ' is-wide' : ''}`} aria-label="More of this job">
      <div className="side-tabs">
        {shown.map((tab) => (
          <button key={tab} type="button" aria-expanded={tab === open} onClick={() => setAddress(tab === open ? null : tab.toLowerCase())}>
            {tab}
            {counts[tab] > 0 && <span className="badge">{counts[tab]}</span>}
          </button>
        ))}
      </div>
      {open === 'Artifacts' && <ArtifactsPanel job={job} attempt={attempt} artifacts={artifacts} />}
      {open === 'Environment' && <Environment job={job} />}
      {open === 'Events' && <Events events={events} from={job.started} />}
      {open === 'JSON' && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys
        <pre className="json" tabIndex={0}>
          {asJson(job.data)}
        </pre>
      )}
    </aside>
  );
}

function Environment({ job: { data } }: { job: JobInfo }) {
  const pairs = [
    ...Object.entries(data.phases?.environment?.env ?? {}),
    ...Object.entries(data.env ?? {}),
    ...Object.entries(data.secrets ?? {}),
  ];
  return (
    <dl className="facts is-tall">
      {pairs.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      {pairs.length === 0 && <p className="faint">No variables of its own.</p>}
      {data.repo && (
        <div>
          <dt>repository</dt>
          <dd>{data.repo.url}</dd>
        </div>
      )}
      {data.ref && (
        <div>
          <dt>ref</dt>
          <dd>{Object.values(data.ref).join(' ')}</dd>
        </div>
      )}
    </dl>
  );
}

const MAX_EVENTS = 500;

function Events({ events, from }: { events: readonly AttemptEventLine[]; from: number | null }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys
    <ol className="events" tabIndex={0} aria-label="Events">
      {events.slice(-MAX_EVENTS).map(({ at, name, args }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: events only come at the end
        <li key={index}>
          <time title={clockTime(at, false)}>{from === null ? clockTime(at, false) : `+${span(at - from)}`}</time> <code>{name}</code>{' '}
          <span className="faint">
            {args
              .map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg)))
              .join(' ')
              .slice(0, 200)}
          </span>
        </li>
      ))}
    </ol>
  );
}
