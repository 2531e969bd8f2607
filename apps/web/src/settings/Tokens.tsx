import { TokenScope } from '@skep/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useFeed, useQueue } from '../feed/useFeed.js';
import { CommandLine } from '../parts/Copy.js';
import { Confirm } from '../parts/Dialog.js';
import { errorWords, useNotices } from '../parts/notices.js';
import { Failed, Skeleton } from '../parts/States.js';
import { Ago } from '../parts/Time.js';

/** The tokens that open the queen: made, shown once, taken back. */
export function Tokens() {
  const { client } = useFeed();
  const { connection } = useQueue();
  const notices = useNotices();
  const queries = useQueryClient();
  const { data, error, isPending, refetch } = useQuery({ queryKey: ['tokens'], queryFn: () => client.tokens.list(), staleTime: 0 });
  const [name, setName] = useState('');
  const [scope, setScope] = useState<TokenScope>('drone');
  const [made, setMade] = useState<{ name: string; token: string }>();
  const [problem, setProblem] = useState<string>();
  const [asks, setAsks] = useState<string>();
  const id = useId();
  const isOff = connection !== 'live';
  const again = (): void => void queries.invalidateQueries({ queryKey: ['tokens'] });
  const add = async (): Promise<void> => {
    try {
      setMade(await client.tokens.add(name.trim(), scope));
      setName('');
      setProblem(undefined);
    } catch (failure) {
      setProblem(errorWords(failure));
    }
    again();
  };
  return (
    <>
      <p>
        A queen on a loopback address asks for no token. One that is reached from elsewhere does: browsers and callers need one of scope
        admin, drones one of scope drone.
      </p>
      {error && <Failed what="The tokens cannot be read." error={error} onRetry={() => void refetch()} />}
      {isPending && <Skeleton rows={3} />}
      {data && data.length > 0 && (
        <table className="table" aria-label="Tokens">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Scope</th>
              <th scope="col">Made</th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {data.map((token) => (
              <tr key={token.name}>
                <td>{token.name}</td>
                <td data-label="Scope">{token.scope}</td>
                <td data-label="Made">
                  <Ago at={token.created} />
                </td>
                <td>
                  <button type="button" className="button is-small" disabled={isOff} onClick={() => setAsks(token.name)}>
                    Take back<span className="visually-hidden"> {token.name}</span>
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {data?.length === 0 && <p className="faint">No token yet.</p>}
      {made && (
        <section className="panel" aria-labelledby={`${id}-made`}>
          <h2 id={`${id}-made`}>The token {made.name}</h2>
          <p>It is shown this once; the queen keeps no more than its digest.</p>
          <CommandLine text={made.token} />
        </section>
      )}
      <form
        className="form is-row"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <div>
          <label htmlFor={`${id}-name`}>Name of a new token</label>
          <input
            id={`${id}-name`}
            type="text"
            maxLength={100}
            value={name}
            aria-invalid={problem !== undefined}
            onChange={(event) => setName(event.target.value)}
          />
          {problem !== undefined && (
            <p className="field-error" role="alert">
              {problem}
            </p>
          )}
        </div>
        <div>
          <label htmlFor={`${id}-scope`}>Scope</label>
          <select id={`${id}-scope`} value={scope} onChange={(event) => setScope(TokenScope.parse(event.target.value))}>
            <option value="drone">drone</option>
            <option value="admin">admin</option>
          </select>
        </div>
        <button type="submit" className="button is-main" disabled={isOff || name.trim() === ''}>
          Make it
        </button>
      </form>
      {asks !== undefined && (
        <Confirm
          title={`Take ${asks} back?`}
          action="Take back"
          onClose={() => setAsks(undefined)}
          onConfirm={() =>
            void notices.attempt('Not taken back', async () => {
              await client.tokens.remove(asks);
              again();
              return `${asks} opens nothing any more.`;
            })
          }
        >
          <p>Whoever uses it is let in no more from now on. This cannot be undone; a new token can be made.</p>
        </Confirm>
      )}
    </>
  );
}
