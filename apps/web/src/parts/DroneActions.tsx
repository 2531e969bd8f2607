import type { DroneState, DroneSummary } from '@skep/protocol';
import { useState } from 'react';
import { useFeed, useQueue } from '../feed/useFeed.js';
import { useNotices } from './notices.js';
import { ReasonDialog } from './ReasonDialog.js';

/** Drain or resume a drone. */
export function DroneActions({ drone }: { drone: DroneSummary }) {
  const feed = useFeed();
  const { client } = feed;
  const { connection } = useQueue();
  const notices = useNotices();
  const [asks, setAsks] = useState(false);
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
  const drain = (reason: string | undefined): void =>
    void notices.attempt('Not drained', async () => {
      await assuming('draining', reason, () => client.drain(drone.id, reason));
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
      {drone.dropped ? (
        <span className="faint">restore its platform to give it jobs</span>
      ) : canResume ? (
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
        <ReasonDialog title={`Drain ${drone.name}?`} action="Drain" onConfirm={drain} onClose={() => setAsks(false)}>
          It gets no new jobs until it is resumed. What it runs goes on.
        </ReasonDialog>
      )}
    </div>
  );
}
