import { queenUrl } from '../base.js';
import { useQueue } from '../feed/useFeed.js';
import { count } from '../words.js';

/** How the queen is. */
export function System() {
  const { version, drones, active, activeIsPart, connection } = useQueue();
  const all = [...drones.values()];
  const older = all.filter((drone) => drone.version !== undefined && drone.version !== version);
  return (
    <dl className="facts is-wide">
      <div>
        <dt>queen</dt>
        <dd>version {version}</dd>
      </div>
      <div>
        <dt>address</dt>
        <dd>{queenUrl}</dd>
      </div>
      <div>
        <dt>connection</dt>
        <dd>{connection}</dd>
      </div>
      <div>
        <dt>jobs that are not done</dt>
        <dd>
          {active.size}
          {activeIsPart && ' or more'}
        </dd>
      </div>
      <div>
        <dt>drones</dt>
        <dd>
          {count(all.filter(({ connectedAt }) => connectedAt !== null).length, 'drone')} connected of {all.length} known
          {older.length > 0 && `; ${older.length} of another version`}
        </dd>
      </div>
      <div>
        <dt>for programs</dt>
        <dd>
          <a href={`${queenUrl}/healthz`}>health</a> · <a href={`${queenUrl}/readyz`}>ready</a> ·{' '}
          <a href={`${queenUrl}/metrics`}>metrics</a> · <a href={`${queenUrl}/api/openapi.json`}>OpenAPI</a>
        </dd>
      </div>
    </dl>
  );
}
