import { ArtifactKind, type ArtifactPage, type ArtifactSearch, Sha256 } from '@skep/protocol';
import { useRef } from 'react';
import { Link, useSearchParams } from 'wouter';
import { HowToPublish } from '../artifacts/HowToPublish.js';
import { useFeed } from '../feed/useFeed.js';
import { usePages } from '../feed/usePages.js';
import { useKeys } from '../keys.js';
import { artifactPath, jobPath, projectPath, shortId } from '../parts/jobActions.js';
import { LoadMore } from '../parts/LoadMore.js';
import { Empty, Failed, Skeleton } from '../parts/States.js';
import { Ago } from '../parts/Time.js';
import { useRowFocus } from '../parts/useRowFocus.js';
import { useTitle } from '../parts/useTitle.js';
import { size } from '../words.js';
import '../styles/artifacts.css';
import '../styles/more.css';

type Filter = Omit<ArtifactSearch, 'before' | 'limit'>;
type Found = ArtifactPage['artifacts'][number];

/** What all jobs left behind, the newest first, by project, path, kind and content; the filters stand in the address. */
export function ArtifactsPage() {
  const [search, setSearch] = useSearchParams();
  const first = useRef<HTMLInputElement>(null);
  useTitle('Artifacts');
  useKeys({ f: () => first.current?.focus() });
  const filter = filterIn(search);
  const set = (name: keyof Filter, value: string): void =>
    setSearch(
      (all) => {
        const next = new URLSearchParams(all);
        if (value === '') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  return (
    <>
      <h1>Artifacts</h1>
      <search className="facets">
        <div className="facet-fields">
          <input
            ref={first}
            type="text"
            aria-label="Path, or a part of it"
            placeholder="Path, or a part of it"
            value={filter.path ?? ''}
            onChange={(event) => set('path', event.target.value)}
          />
          <input
            type="text"
            aria-label="Project"
            placeholder="Project"
            value={filter.project ?? ''}
            onChange={(event) => set('project', event.target.value)}
          />
          <select aria-label="Kind" value={filter.kind ?? ''} onChange={(event) => set('kind', event.target.value)}>
            <option value="">Any kind</option>
            {ArtifactKind.options.map((kind) => (
              <option key={kind} value={kind}>
                {kindWords[kind]}
              </option>
            ))}
          </select>
          {filter.sha256 !== undefined && (
            <button type="button" className="toggle" aria-pressed="true" onClick={() => set('sha256', '')}>
              with the content {filter.sha256.slice(0, 8)} ×
            </button>
          )}
        </div>
      </search>
      <Results filter={filter} onClear={() => setSearch(new URLSearchParams())} />
    </>
  );
}

const kindWords: Record<ArtifactKind, string> = {
  html: 'Pages',
  image: 'Pictures',
  json: 'JSON',
  xml: 'XML',
  text: 'Text',
  archive: 'Archives',
  other: 'All else',
};

/** The filter that an address gives. */
function filterIn(search: URLSearchParams): Filter {
  const [path, project] = [search.get('path'), search.get('project')];
  const kind = ArtifactKind.safeParse(search.get('kind')).data;
  const sha256 = Sha256.safeParse(search.get('sha256')).data;
  return { ...(path && { path }), ...(project && { project }), ...(kind && { kind }), ...(sha256 && { sha256 }) };
}

function Results({ filter, onClear }: { filter: Filter; onClear: () => void }) {
  const { client } = useFeed();
  const { data, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = usePages(
    ['all-artifacts', filter],
    (before) => client.artifacts.search({ ...filter, ...(before !== undefined && { before }) }),
  );
  if (isPending) return <Skeleton />;
  if (!data) return <Failed what="The artifacts cannot be read." error={error} onRetry={() => void refetch()} />;
  const found = data.pages.flatMap(({ artifacts }) => artifacts);
  const isFiltered = Object.keys(filter).length > 0;
  const more = (
    <LoadMore
      hasMore={hasNextPage}
      isLoading={isFetchingNextPage}
      text={data.pages.at(-1)?.artifacts.length === 0 ? 'Look further back' : 'Load more'}
      onMore={() => void fetchNextPage()}
    />
  );
  if (found.length > 0)
    return (
      <>
        <Table found={found} />
        {more}
      </>
    );
  if (!isFiltered) return <HowToPublish>No job has left anything behind yet.</HowToPublish>;
  return (
    <Empty>
      <p>{hasNextPage ? 'No artifact matches among the newest.' : 'No artifact matches.'}</p>
      <div className="actions">
        {more}
        <button type="button" className="button" onClick={onClear}>
          Clear the filters
        </button>
      </div>
    </Empty>
  );
}

function Table({ found }: { found: readonly Found[] }) {
  const body = useRef<HTMLTableSectionElement>(null);
  const { move } = useRowFocus(body, 'a.job-link');
  useKeys({ j: () => move(1), k: () => move(-1) });
  return (
    <table className="table all-artifacts" aria-label="Artifacts">
      <thead>
        <tr>
          <th scope="col">Artifact</th>
          <th scope="col">Project</th>
          <th scope="col">Job</th>
          <th scope="col">Size</th>
          <th scope="col">SHA-256</th>
          <th scope="col">Age</th>
        </tr>
      </thead>
      <tbody ref={body}>
        {found.map((artifact) => (
          <tr key={`${artifact.job} ${artifact.attempt} ${artifact.path}`}>
            <td className="job-cell">
              <Link href={artifactPath(artifact)} className="job-link">
                <span className="title">{artifact.path}</span>
              </Link>
              <span className="job-note">{artifact.mediaType}</span>
            </td>
            <td data-label="Project">
              {artifact.project === null ? (
                <span className="faint">–</span>
              ) : (
                <Link href={projectPath(artifact.project)}>{artifact.project}</Link>
              )}
            </td>
            <td data-label="Job">
              <Link href={jobPath(artifact.job)} className="id">
                {shortId(artifact.job)}
              </Link>
            </td>
            <td data-label="Size" className="number">
              {size(artifact.size)}
            </td>
            <td data-label="SHA-256">
              <Link href={`/artifacts?sha256=${artifact.sha256}`} className="id" title={`All with the content ${artifact.sha256}`}>
                {artifact.sha256.slice(0, 8)}
              </Link>
            </td>
            <td data-label="Age">
              <Ago at={artifact.created} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
