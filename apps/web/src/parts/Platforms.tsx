import type { Platform } from '@skep/protocol';
import { Ban } from 'lucide-react';
import { useState } from 'react';
import { useFeed, useQueue } from '../feed/useFeed.js';
import { useLive } from '../feed/useLive.js';
import type { Look } from '../looks.js';
import { count } from '../words.js';
import { useNotices } from './notices.js';
import { ReasonDialog } from './ReasonDialog.js';
import { LookMark } from './Status.js';
import { Ago } from './Time.js';

const AGAIN_MS = 1000;
const droppedLook: Look = { word: 'dropped', icon: Ban, hue: 'amber', sign: '⊘', favicon: 'skep' };

/** The platforms of the drones, each to be dropped and restored; nothing where no drone names one. */
export function Platforms() {
  const { client } = useFeed();
  const { data } = useLive(['platforms'], () => client.platforms.list(), AGAIN_MS);
  if (!data || data.length === 0) return null;
  return (
    <section aria-labelledby="platforms">
      <h2 id="platforms">Platforms</h2>
      <ul className="platforms">
        {data.map((platform) => (
          <Row key={platform.name} platform={platform} />
        ))}
      </ul>
    </section>
  );
}

function Row({ platform: { name, drones, dropped } }: { platform: Platform }) {
  const { client } = useFeed();
  const { connection } = useQueue();
  const notices = useNotices();
  const [asks, setAsks] = useState(false);
  const isOff = connection !== 'live';
  const drop = (reason: string | undefined): void =>
    void notices.attempt('Not dropped', async () => {
      await client.platforms.drop(name, reason);
      return `The drones of ${name} get no jobs until it is restored.`;
    });
  const restore = (): void =>
    void notices.attempt('Not restored', async () => {
      await client.platforms.restore(name);
      return `The drones of ${name} get jobs again.`;
    });
  return (
    <li>
      <strong>{name}</strong>
      <span className="faint" title={drones.join(', ')}>
        {count(drones.length, 'drone')}
      </span>
      {dropped && (
        <span>
          <LookMark look={droppedLook} />{' '}
          <span className="faint">
            <Ago at={dropped.since} />
            {dropped.reason !== undefined && `: ${dropped.reason}`}
          </span>
        </span>
      )}
      {dropped ? (
        <button type="button" className="button is-small" disabled={isOff} onClick={restore}>
          Restore<span className="visually-hidden"> {name}</span>
        </button>
      ) : (
        <button type="button" className="button is-small" disabled={isOff} onClick={() => setAsks(true)}>
          Drop<span className="visually-hidden"> {name}</span>
        </button>
      )}
      {asks && (
        <ReasonDialog title={`Drop ${name}?`} action="Drop" onConfirm={drop} onClose={() => setAsks(false)}>
          Its drones get no jobs until it is restored, and a matrix makes none for its cells. What runs goes on.
        </ReasonDialog>
      )}
    </li>
  );
}
