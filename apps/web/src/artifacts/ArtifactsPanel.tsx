import type { ArtifactInfo, AttemptInfo, JobInfo } from '@skep/protocol';
import type { UseQueryResult } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { useFeed, useQueue } from '../feed/useFeed.js';
import { Menu } from '../parts/Menu.js';
import { useNotices } from '../parts/notices.js';
import { Failed, Skeleton } from '../parts/States.js';
import { useAddressPart } from '../parts/useAddressPart.js';
import { count, size } from '../words.js';
import { ArtifactTree } from './ArtifactTree.js';
import { saveArchive } from './download.js';
import { HowToPublish } from './HowToPublish.js';
import { Preview } from './Preview.js';
import { type Folder, selectionOf, treeOf } from './tree.js';
import '../styles/artifacts.css';

/** The files that an attempt left behind: what they are, how they look, and all or some of them to keep. */
export function ArtifactsPanel({ job, attempt, artifacts }: Props) {
  const { data, error, refetch } = artifacts;
  const [open, setOpen] = useAddressPart('artifact');
  if (!attempt) return <HowToPublish>It never started, so it left nothing behind.</HowToPublish>;
  if (!data && error) return <Failed what="The artifacts cannot be listed." error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton rows={4} />;
  if (data.length === 0)
    return <HowToPublish>{attempt.outcome === null ? 'Nothing yet.' : 'This attempt left no files behind.'}</HowToPublish>;
  const shown = data.find(({ path }) => path === open);
  return (
    <section className="artifacts" aria-label="Artifacts">
      <Files key={`${job.id} ${attempt.attempt}`} job={job.id} attempt={attempt.attempt} tree={treeOf(data)} onOpen={setOpen} />
      {open !== null && !shown && (
        <p className="failed" role="alert">
          This attempt has no artifact {open}.
        </p>
      )}
      {shown && <Preview artifact={shown} onClose={() => setOpen(null)} />}
    </section>
  );
}

interface Props {
  job: JobInfo;
  attempt: AttemptInfo | undefined;
  artifacts: UseQueryResult<ArtifactInfo[]>;
}

/** Of more parts, the address of an archive is longer than servers take. */
const MAX_PARTS = 100;

function Files({ job, attempt, tree, onOpen }: { job: string; attempt: number; tree: Folder; onOpen: (path: string) => void }) {
  const { client } = useFeed();
  const { connection } = useQueue();
  const notices = useNotices();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const paths = selected.size === tree.files ? [] : selectionOf(tree, selected);
  const isOff = connection !== 'live';
  const save = async (form: 'zip' | 'tar.gz'): Promise<void> => {
    try {
      if (paths.length > MAX_PARTS) throw new Error(`no more than ${MAX_PARTS} files and folders at once; take whole folders, or all`);
      await saveArchive(client, { job, attempt, form, paths });
    } catch (error) {
      notices.fail('Not downloaded', error);
    }
  };
  return (
    <>
      <div className="artifacts-head">
        <span className="faint">
          {selected.size === 0 ? `${count(tree.files, 'file')}, ${size(tree.bytes)}` : `${selected.size} of ${count(tree.files, 'file')}`}
        </span>
        <Menu
          isOff={isOff}
          label={
            <>
              <Download size={16} aria-hidden="true" />
              {selected.size === 0 ? 'Download all' : 'Download selected'}
            </>
          }
          items={[
            { text: 'as zip', onSelect: () => void save('zip') },
            { text: 'as tar.gz', onSelect: () => void save('tar.gz') },
          ]}
        />
      </div>
      {isOff && <p className="faint">No downloads while the queen is away.</p>}
      <ArtifactTree tree={tree} selected={selected} onSelect={setSelected} onOpen={onOpen} isOff={isOff} />
    </>
  );
}
