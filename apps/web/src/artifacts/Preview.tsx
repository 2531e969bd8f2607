import { type ArtifactInfo, artifactKindOf } from '@skep/protocol';
import { Download } from 'lucide-react';
import { useFeed, useQueue } from '../feed/useFeed.js';
import { CopyButton } from '../parts/Copy.js';
import { Dialog } from '../parts/Dialog.js';
import { useNotices } from '../parts/notices.js';
import { size } from '../words.js';
import { saveArtifact } from './download.js';
import { LinkedPreview } from './LinkedPreview.js';
import { TextPreview } from './TextPreview.js';

/** One artifact: what it is, and how it looks. */
export function Preview({ artifact, onClose }: { artifact: ArtifactInfo; onClose: () => void }) {
  const { client } = useFeed();
  const { connection } = useQueue();
  const notices = useNotices();
  const kind = artifactKindOf(artifact.mediaType);
  const save = (): void => void saveArtifact(client, artifact).catch((error: unknown) => notices.fail('Not downloaded', error));
  return (
    <Dialog title={artifact.path} onClose={onClose} className="is-preview">
      <dl className="preview-facts">
        <div>
          <dt>size</dt>
          <dd>{size(artifact.size)}</dd>
        </div>
        <div>
          <dt>type</dt>
          <dd>{artifact.mediaType}</dd>
        </div>
        <div>
          <dt>SHA-256</dt>
          <dd>
            <code>{artifact.sha256}</code>
          </dd>
        </div>
      </dl>
      <div className="preview">
        {kind === 'html' || kind === 'image' ? (
          <LinkedPreview artifact={artifact} kind={kind} />
        ) : (
          <TextPreview artifact={artifact} kind={kind} />
        )}
      </div>
      <div className="actions">
        <CopyButton text={artifact.sha256} label="Copy SHA-256" />
        <button type="button" className="button" disabled={connection !== 'live'} onClick={save}>
          <Download size={16} aria-hidden="true" />
          Download
        </button>
        <button type="button" className="button is-main" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
