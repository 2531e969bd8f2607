import type { ArtifactInfo, ArtifactKind } from '@skep/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useFeed } from '../feed/useFeed.js';
import { Failed, Skeleton } from '../parts/States.js';
import { size } from '../words.js';
import { JunitSummary } from './JunitSummary.js';
import { junitOf } from './junit.js';
import { readUpTo } from './readUpTo.js';

/** What is shown of a text at first, and of one that is understood as a whole. */
const FIRST_BYTES = 256 * 1024;
const WHOLE_BYTES = 4 * 1024 * 1024;

/** The beginning of a text, more of it if that is wanted; JSON and reports of tests as what they say. */
export function TextPreview({ artifact, kind }: { artifact: ArtifactInfo; kind: ArtifactKind }) {
  const { client } = useFeed();
  const [maxBytes, setMaxBytes] = useState(kind === 'json' || kind === 'xml' ? WHOLE_BYTES : FIRST_BYTES);
  const [isSource, setSource] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['artifact-content', artifact.sha256, maxBytes],
    queryFn: ({ signal }) => readUpTo(client, artifact, maxBytes, signal),
    // Megabytes that nobody looks at are not kept.
    gcTime: 0,
  });
  if (error) return <Failed what="It cannot be shown." error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton rows={6} />;
  if (data.bytes.includes(0)) return <p className="faint">This is no text, so there is nothing to show of it.</p>;
  if (data.bytes.length === 0) return <p className="faint">The file is empty.</p>;
  const text = new TextDecoder().decode(data.bytes, { stream: !data.isAll });
  const junit = data.isAll && kind === 'xml' ? junitOf(text) : undefined;
  return (
    <>
      {junit && (
        <div className="actions">
          <button type="button" className="toggle" aria-pressed={isSource} onClick={() => setSource(!isSource)}>
            Source
          </button>
        </div>
      )}
      {junit && !isSource ? <JunitSummary report={junit} /> : <Text text={kind === 'json' && data.isAll ? prettyOf(text) : text} />}
      {!data.isAll && (
        <p className="faint">
          The first {size(data.bytes.length)} of {size(artifact.size)}.{' '}
          {maxBytes < WHOLE_BYTES && artifact.size <= WHOLE_BYTES && (
            <button type="button" className="button is-small" onClick={() => setMaxBytes(WHOLE_BYTES)}>
              Show all
            </button>
          )}
          {artifact.size > WHOLE_BYTES && 'Download it for the rest.'}
        </p>
      )}
    </>
  );
}

function Text({ text }: { text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys
    <pre className="preview-text" tabIndex={0}>
      {text}
    </pre>
  );
}

/** JSON with a line for each part; as it is where it is none. */
function prettyOf(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
