import type { Comparison, JobSummary } from '@skep/protocol';
import { Link } from 'wouter';
import { artifactPath } from '../parts/jobActions.js';
import { count, size } from '../words.js';

type Artifact = Comparison['artifacts'][number];

const groups: readonly (readonly [state: Artifact['state'], words: string])[] = [
  ['differs', 'Different'],
  ['only-a', 'Only in A'],
  ['only-b', 'Only in B'],
  ['equal', 'The same'],
];

/** What the two left behind: what differs, what only one has, and what is the same. */
export function ComparedArtifacts({ comparison: { artifacts, sameArtifacts, a, b } }: { comparison: Comparison }) {
  if (artifacts.length === 0) return <p className="calm">Neither left anything behind.</p>;
  return (
    <>
      {sameArtifacts && <p className="calm">Both left the same behind: every path, mode and content.</p>}
      {groups.map(([state, words]) => {
        const some = artifacts.filter((artifact) => artifact.state === state);
        if (some.length === 0) return null;
        return (
          <details key={state} className="compared-group" open={state !== 'equal'}>
            <summary>
              {words}: {count(some.length, 'file')}
            </summary>
            <ul className="compared-files">
              {some.map((artifact) => (
                <li key={artifact.path}>
                  <span>{artifact.path}</span>
                  <Content of={artifact.a} path={artifact.path} job={a} name="A" />
                  {state === 'differs' && <span className="faint">{differenceWords(artifact)}</span>}
                  <Content of={state === 'equal' ? null : artifact.b} path={artifact.path} job={b} name="B" />
                </li>
              ))}
            </ul>
          </details>
        );
      })}
    </>
  );
}

function Content({ of, path, job, name }: { of: Artifact['a']; path: string; job: JobSummary; name: string }) {
  if (!of) return null;
  return (
    <Link href={artifactPath({ job: job.id, attempt: job.attempt, path })}>
      <span className="visually-hidden">{path} of </span>
      {name}: {size(of.size)}, {of.sha256.slice(0, 8)}
    </Link>
  );
}

/** In what the two differ. */
function differenceWords({ a, b }: Artifact): string {
  if (!a || !b) return '';
  if (a.sha256 === b.sha256) return `mode ${a.mode.toString(8)} and ${b.mode.toString(8)}`;
  const more = b.size - a.size;
  return more === 0 ? 'of the same size' : `${more > 0 ? '+' : '−'} ${size(Math.abs(more))}`;
}
