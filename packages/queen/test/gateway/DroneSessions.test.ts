import { expect, test } from '@jest/globals';
import { SkepError } from '@skep/protocol';
import { DroneSessions } from '../../src/gateway/DroneSessions.js';
import type { DroneEar } from '../../src/ports.js';

/** A line of which is known how it ended. */
function aPeer(id: string) {
  const ends: string[] = [];
  return { id, ends, emit: () => true, disconnect: () => ends.push('told to go'), conn: { close: () => ends.push('closed') } };
}

const info: [string, unknown[]] = ['drone:info', [{ speed: 1, capacity: 1 }]];
const aSessions = (ear: Partial<DroneEar>): DroneSessions =>
  new DroneSessions({ ear: ear as DroneEar, clock: { now: () => 0 }, silenceMs: 1 });

test('a drone that cannot be taken in now loses its line, so that it comes back and says again what it is', () => {
  const droneInfo = (): never => {
    throw new SkepError('STORE_FULL');
  };
  const sessions = aSessions({ droneInfo });
  const peer = aPeer('a');
  expect(() => sessions.handle(sessions.open(peer, {}), ...info)).toThrow(expect.objectContaining({ code: 'STORE_FULL' }));
  expect(peer.ends).toEqual(['closed']);
});

test('a drone that is dropped comes back by itself; one whose place another has taken does not', () => {
  const sessions = aSessions({ droneInfo: () => undefined });
  const [old, heir] = [aPeer('old'), aPeer('heir')];
  sessions.handle(sessions.open(old, { id: 'drone' }), ...info);
  sessions.drop('drone', 'old');
  expect(old.ends).toEqual(['closed']);
  sessions.handle(sessions.open(heir, { id: 'drone' }), ...info);
  sessions.drop('drone', 'old');
  expect(old.ends).toEqual(['closed', 'told to go']);
  expect(heir.ends).toEqual([]);
});

test('what an earlier connection of a drone said, and is heard late, takes nothing from the later one', () => {
  const heard: string[] = [];
  const sessions = aSessions({ droneInfo: ({ linkId }) => heard.push(linkId) });
  const [old, other, heir] = [aPeer('old'), aPeer('other'), aPeer('heir')];
  const late = sessions.open(old, { id: 'drone', session: '2' });
  const ofAnother = sessions.open(other, { id: 'drone', session: '1' });
  sessions.handle(sessions.open(heir, { id: 'drone', session: '2' }), ...info);
  sessions.handle(late, ...info);
  sessions.handle(ofAnother, ...info);
  expect(heard).toEqual(['heir']);
  expect([old.ends, other.ends, heir.ends]).toEqual([['told to go'], ['told to go'], []]);
});
