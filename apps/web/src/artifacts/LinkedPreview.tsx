import type { ArtifactInfo } from '@skep/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useFeed } from '../feed/useFeed.js';
import { Failed, Skeleton } from '../parts/States.js';
import { TextPreview } from './TextPreview.js';

/** What the browser itself shows: a picture, or a page in a frame in which no script runs and that loads nothing else. */
export function LinkedPreview({ artifact, kind }: { artifact: ArtifactInfo; kind: 'html' | 'image' }) {
  const { client } = useFeed();
  const [isSource, setSource] = useState(false);
  const [isBroken, setBroken] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['artifact-address', artifact.job, artifact.attempt, artifact.path],
    queryFn: async () => {
      // A frame says nothing of why it stays empty.
      for await (const _ of client.artifacts.bytes(artifact, 0, undefined, true)) break;
      return client.artifacts.address(artifact);
    },
    // The address may open it for some minutes only.
    gcTime: 0,
  });
  if (error) return <Failed what="It cannot be shown." error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton rows={6} />;
  const source = (
    <button type="button" className="toggle" aria-pressed={isSource} onClick={() => setSource(!isSource)}>
      Source
    </button>
  );
  if (kind === 'html')
    return (
      <>
        <div className="actions">
          {source}
          {!isSource && <span className="faint">No script of it runs, and it loads nothing.</span>}
        </div>
        {isSource ? (
          <TextPreview artifact={artifact} kind="text" />
        ) : (
          <iframe className="preview-page" sandbox="" src={data} title={artifact.path} />
        )}
      </>
    );
  if (isBroken) return <p className="faint">This browser cannot show such a picture.</p>;
  return (
    <p className="preview-image">
      <img src={data} alt={artifact.path} onError={() => setBroken(true)} />
    </p>
  );
}
