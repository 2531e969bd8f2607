import type { JobInfo } from '@skep/protocol';
import { Copy } from 'lucide-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { asCli, asJson } from '../asCli.js';
import { useFeed, useQueue } from '../feed/useFeed.js';
import { useKeys } from '../keys.js';
import { copyText } from './Copy.js';
import { Confirm } from './Dialog.js';
import { cancelJob, jobPath, retryJob } from './jobActions.js';
import { Menu } from './Menu.js';
import { useNotices } from './notices.js';
import { PriorityDialog } from './PriorityDialog.js';
import { WatchButton } from './WatchButton.js';

/** What can be done with a job. */
export function JobButtons({ job }: { job: JobInfo }) {
  const { client } = useFeed();
  const { connection } = useQueue();
  const notices = useNotices();
  const [, navigate] = useLocation();
  const [asks, setAsks] = useState(false);
  const [isRanking, setRanking] = useState(false);
  const [isEnding, setEnding] = useState(false);
  const isOff = connection !== 'live';
  const isDone = job.status === 'done';
  const edits = `/jobs/new?from=${encodeURIComponent(job.id)}`;
  const retry = (): void => void notices.attempt('Not retried', () => retryJob(client, job.id));
  const cancel = async (): Promise<void> => {
    // Shown at once; taken back if the queen says no.
    setEnding(true);
    const isDone = await notices.attempt('Not cancelled', () => cancelJob(client, job.id));
    if (!isDone) setEnding(false);
  };
  const copy = (text: string, what: string): void =>
    void notices.attempt('Not copied', async () => {
      await copyText(text);
      return `Copied as ${what}.`;
    });
  const ask = (): void => {
    if (!isDone && !isOff && !isEnding) setAsks(true);
  };
  useKeys({
    r: () => {
      if (isDone && !isOff) retry();
    },
    p: () => setRanking(!isDone && !isOff),
    Delete: ask,
  });
  return (
    <div className="actions">
      {isDone ? (
        <button type="button" className="button is-main" disabled={isOff} onClick={retry}>
          Retry
        </button>
      ) : (
        <>
          <button type="button" className="button is-danger" disabled={isOff || isEnding} onClick={() => setAsks(true)}>
            {isEnding ? 'Cancelling …' : 'Cancel'}
          </button>
          <button type="button" className="button" disabled={isOff} onClick={() => setRanking(true)}>
            Priority
          </button>
          <WatchButton id={job.id} />
        </>
      )}
      <button type="button" className="button" onClick={() => navigate(edits)}>
        Re-run with edits
      </button>
      {isDone && (
        <button type="button" className="button" onClick={() => navigate(`/compare?b=${encodeURIComponent(job.id)}`)}>
          Compare
        </button>
      )}
      <Menu
        label={
          <>
            <Copy size={16} aria-hidden="true" />
            Copy
          </>
        }
        items={[
          { text: 'as CLI', onSelect: () => copy(asCli(job.data, client.url), 'a command line') },
          { text: 'as JSON', onSelect: () => copy(asJson(job.data), 'JSON') },
          { text: 'the id', onSelect: () => copy(job.id, 'id') },
          { text: 'the link', onSelect: () => copy(`${client.url}${jobPath(job.id)}`, 'link') },
        ]}
      />
      {isOff && <span className="faint">not while the queen is away</span>}
      {isRanking && <PriorityDialog jobs={[job]} onClose={() => setRanking(false)} />}
      {asks && (
        <Confirm title="Cancel this job?" action="Cancel the job" onConfirm={() => void cancel()} onClose={() => setAsks(false)}>
          <p>
            {job.status === 'queued'
              ? 'It will never start.'
              : 'Its command gets SIGTERM, and SIGKILL after 10 s. The output so far is kept.'}
          </p>
        </Confirm>
      )}
    </div>
  );
}
