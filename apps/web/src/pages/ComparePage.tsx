import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { ComparedArtifacts } from '../compare/ComparedArtifacts.js';
import { ComparedTable } from '../compare/ComparedTable.js';
import { Sides } from '../compare/Sides.js';
import { usePrevious } from '../compare/usePrevious.js';
import { useReadAgainOnReturn } from '../feed/queries.js';
import { useFeed } from '../feed/useFeed.js';
import { Failed, Skeleton } from '../parts/States.js';
import { useTitle } from '../parts/useTitle.js';
import { span } from '../words.js';
import '../styles/more.css';

/** Two jobs side by side; of one alone, with the one before it of its project and branch. */
export function ComparePage() {
  const [search] = useSearchParams();
  const [a, b] = [search.get('a') ?? '', search.get('b') ?? ''];
  useTitle('Compare');
  return (
    <>
      <h1>Compare</h1>
      {b !== '' && a === '' ? <WithPrevious b={b} /> : <Form key={`${a} ${b}`} a={a} b={b} />}
      {a !== '' && b !== '' && <Compared a={a} b={b} />}
    </>
  );
}

/** Fills in the job to compare with, where there is one. */
function WithPrevious({ b }: { b: string }) {
  const { previous, isPending, error } = usePrevious(b);
  if (isPending) return <Skeleton rows={1} />;
  return (
    <>
      <Form key={previous} a={previous ?? ''} b={b} />
      {error ? (
        <Failed what="The job before it cannot be told." error={error} />
      ) : previous === undefined ? (
        <p className="faint">There is no job before it of the same project and branch; give the id of any other.</p>
      ) : (
        <Compared a={previous} b={b} />
      )}
    </>
  );
}

function Form({ a, b }: { a: string; b: string }) {
  const [, navigate] = useLocation();
  const [ids, setIds] = useState({ a, b });
  const id = useId();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    navigate(`/compare?${new URLSearchParams({ a: ids.a.trim(), b: ids.b.trim() })}`);
  };
  return (
    <form className="form is-row" onSubmit={submit}>
      {(['a', 'b'] as const).map((side) => (
        <div key={side} className="compare-id">
          <label htmlFor={`${id}-${side}`}>{side === 'a' ? 'Job A' : 'Job B'}</label>
          <input
            id={`${id}-${side}`}
            type="text"
            value={ids[side]}
            placeholder="The id of a job"
            autoComplete="off"
            onChange={(event) => setIds({ ...ids, [side]: event.target.value })}
          />
        </div>
      ))}
      <button type="submit" className="button is-main" disabled={ids.a.trim() === '' || ids.b.trim() === ''}>
        Compare
      </button>
    </form>
  );
}

function Compared({ a, b }: { a: string; b: string }) {
  const { client } = useFeed();
  const key = ['compare', a, b];
  const { data, error, isPending, refetch } = useQuery({ queryKey: key, queryFn: () => client.compare(a, b), retry: false, staleTime: 0 });
  useReadAgainOnReturn(key);
  if (isPending) return <Skeleton />;
  if (!data) return <Failed what="They cannot be compared." error={error} onRetry={() => void refetch()} />;
  const took = (ms: number | null): string => (ms === null ? '–' : span(ms));
  const said = (value: unknown): string => (value === null ? '–' : typeof value === 'string' ? value : JSON.stringify(value));
  const isEnvironment = ({ path }: { path: string }): boolean => /^(env|secrets|phases\.environment\.env)\./.test(path);
  return (
    <>
      <Sides a={data.a} b={data.b} />
      <section aria-labelledby="inputs">
        <h2 id="inputs">What was submitted</h2>
        <ComparedTable
          label="What was submitted"
          nothing="The same, but for names and times."
          rows={data.inputs.filter((input) => !isEnvironment(input)).map(({ path, a, b }) => ({ what: path, a: said(a), b: said(b) }))}
        />
      </section>
      <section aria-labelledby="environment">
        <h2 id="environment">Environment</h2>
        <ComparedTable
          label="Environment"
          nothing="The same variables."
          rows={data.inputs.filter(isEnvironment).map(({ path, a, b }) => ({ what: path, a: said(a), b: said(b) }))}
        />
      </section>
      <section aria-labelledby="durations">
        <h2 id="durations">How long it took</h2>
        <ComparedTable
          label="How long it took"
          nothing="Neither has started."
          rows={data.durations.map(({ what, a, b }) => ({
            what,
            a: took(a),
            b: took(b),
            ...(a !== null && b !== null && { note: differenceOf(b - a) }),
          }))}
        />
      </section>
      <section aria-labelledby="artifacts">
        <h2 id="artifacts">Artifacts</h2>
        <ComparedArtifacts comparison={data} />
      </section>
    </>
  );
}

/** How much longer B took; nothing of what no clock tells. */
const differenceOf = (ms: number): string => (Math.abs(ms) < 50 ? 'as long' : `${span(Math.abs(ms))} ${ms > 0 ? 'longer' : 'shorter'}`);
