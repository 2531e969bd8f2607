import type { DroneState, DroneSummary } from '@skep/protocol';
import { useId, useState } from 'react';
import { useFeed, useQueue } from '../feed/useFeed.js';
import { Dialog } from './Dialog.js';
import { useNotices } from './notices.js';

/** Drain or resume a drone. */
export function DroneActions({ drone }: { drone: DroneSummary }) {
  const feed = useFeed();
  const { client } = feed;
  const { connection } = useQueue();
  const notices = useNotices();
  const [asks, setAsks] = useState(false);
  const [reason, setReason] = useState('');
  const id = useId();
  const isOff = connection !== 'live';
  /** Shows at once what the drone will be; takes it back if the queen says no. */
  const assuming = async (state: DroneState, given: string | undefined, action: () => Promise<unknown>): Promise<void> => {
    const { reason: _, ...rest } = drone;
    const takeBack = feed.assume({ ...rest, state, ...(given !== undefined && { reason: given }) });
    try {
      await action();
    } catch (error) {
      takeBack();
      throw error;
    }
  };
  const resume = (): void =>
    void notices.attempt('Not resumed', async () => {
      await assuming(drone.running.length > 0 ? 'busy' : 'idle', undefined, () => client.resume(drone.id));
      return `${drone.name} takes jobs again.`;
    });
  const drain = (): void =>
    void notices.attempt('Not drained', async () => {
      const given = reason.trim() === '' ? undefined : reason.trim();
      await assuming('draining', given, () => client.drain(drone.id, given));
      return `${drone.name} gets no new jobs; what it runs goes on.`;
    });
  const forget = (): void =>
    void notices.attempt('Not taken off the list', async () => {
      await client.forget(drone.id);
      return `${drone.name} is off the list; if it comes back it is known again.`;
    });
  const canResume = drone.state === 'draining' || drone.state === 'quarantined';
  return (
    <div className="actions">
      {canResume ? (
        <button type="button" className="button" disabled={isOff} onClick={resume}>
          Resume
        </button>
      ) : (
        <button type="button" className="button" disabled={isOff} onClick={() => setAsks(true)}>
          Drain
        </button>
      )}
      {drone.state === 'offline' && (
        <button type="button" className="button" disabled={isOff} onClick={forget}>
          Take off the list
        </button>
      )}
      {isOff && <span className="faint">not while the queen is away</span>}
      {asks && (
        <Dialog title={`Drain ${drone.name}?`} onClose={() => setAsks(false)}>
          <form
            className="form"
            onSubmit={(event) => {
              event.preventDefault();
              drain();
              setAsks(false);
            }}
          >
            <p>It gets no new jobs until it is resumed. What it runs goes on.</p>
            <label htmlFor={id}>Reason, for others who wonder</label>
            <input id={id} type="text" maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
            <div className="actions">
              <button type="button" className="button" onClick={() => setAsks(false)}>
                Leave it
              </button>
              <button type="submit" className="button is-main">
                Drain
              </button>
            </div>
          </form>
        </Dialog>
      )}
    </div>
  );
}
