import type { Schedule } from '@skep/protocol';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useFeed, useQueue } from '../feed/useFeed.js';
import { Confirm } from '../parts/Dialog.js';
import { jobPath, shortId } from '../parts/jobActions.js';
import { useNotices } from '../parts/notices.js';
import { ReasonDialog } from '../parts/ReasonDialog.js';
import { schedulePath } from './schedulePath.js';

/** What can be done with a schedule. @param isWhole also what is done rarely */
export function ScheduleActions({ schedule: { name, paused }, isWhole = false }: { schedule: Schedule; isWhole?: boolean }) {
  const { schedules } = useFeed().client;
  const { connection } = useQueue();
  const notices = useNotices();
  const [, navigate] = useLocation();
  const [asks, setAsks] = useState<'pause' | 'remove'>();
  const isOff = connection !== 'live';
  const run = (): void =>
    void notices.attempt('Not run', async () => {
      const { id } = await schedules.run(name);
      return (
        <>
          {name} runs now, as <Link href={jobPath(id)}>{shortId(id)}</Link>.
        </>
      );
    });
  const pause = (reason: string | undefined): void =>
    void notices.attempt('Not paused', async () => {
      await schedules.pause(name, reason);
      return `${name} makes no jobs until it is resumed.`;
    });
  const resume = (): void =>
    void notices.attempt('Not resumed', async () => {
      await schedules.resume(name);
      return `${name} runs again from its next time on.`;
    });
  const remove = (): void =>
    void notices.attempt('Not removed', async () => {
      await schedules.remove(name);
      navigate('/schedules');
      return `The schedule ${name} is removed.`;
    });
  return (
    <div className="actions">
      <button type="button" className="button" disabled={isOff} onClick={run}>
        Run now<span className="visually-hidden"> {name}</span>
      </button>
      <button type="button" className="button" disabled={isOff} onClick={() => (paused ? resume() : setAsks('pause'))}>
        {paused ? 'Resume' : 'Pause'}
        <span className="visually-hidden"> {name}</span>
      </button>
      {isWhole && (
        <>
          <button type="button" className="button" onClick={() => navigate(`${schedulePath(name)}?edit=1`)}>
            Edit
          </button>
          <button type="button" className="button is-danger" disabled={isOff} onClick={() => setAsks('remove')}>
            Remove
          </button>
          {isOff && <span className="faint">not while the queen is away</span>}
        </>
      )}
      {asks === 'pause' && (
        <ReasonDialog title={`Pause ${name}?`} action="Pause" onConfirm={pause} onClose={() => setAsks(undefined)}>
          It makes no jobs until it is resumed; times that pass meanwhile are not made up for.
        </ReasonDialog>
      )}
      {asks === 'remove' && (
        <Confirm title={`Remove ${name}?`} action="Remove it" onConfirm={remove} onClose={() => setAsks(undefined)}>
          <p>It makes no jobs any more, and what became of its times is forgotten. The jobs that it made stay.</p>
        </Confirm>
      )}
    </div>
  );
}
