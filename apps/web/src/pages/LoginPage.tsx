import { useId, useState } from 'react';
import { basePath } from '../base.js';
import { errorWords } from '../parts/notices.js';
import { useTitle } from '../parts/useTitle.js';

/** Asks for a token. */
export function LoginPage({ error, onToken }: { error?: unknown; onToken: (token: string) => void }) {
  const [token, setToken] = useState('');
  const id = useId();
  useTitle('Log in');
  return (
    <main className="alone" id="main">
      <img src={`${basePath}/icons/skep.svg`} alt="" width="48" height="48" />
      <h1>Skep</h1>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (token.trim() !== '') onToken(token.trim());
        }}
      >
        <label htmlFor={id}>Token</label>
        <input
          id={id}
          type="password"
          autoComplete="current-password"
          value={token}
          onChange={(event) => setToken(event.target.value)}
          aria-invalid={error !== undefined}
          aria-describedby={`${id}-help`}
        />
        {error !== undefined && (
          <p className="field-error" role="alert">
            {errorWords(error)}
          </p>
        )}
        <p id={`${id}-help`} className="faint">
          The queen printed an admin token when it started for the first time. Who has one makes more with <code>skep token add NAME</code>.
        </p>
        <button type="submit" className="button is-main" disabled={token.trim() === ''}>
          Log in
        </button>
      </form>
    </main>
  );
}
