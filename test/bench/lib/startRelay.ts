import type { RelaySkills } from '../parties/relay.js';
import type { RelaySourceSkills } from '../parties/relaySource.js';
import type { RelaySubscriberSkills } from '../parties/relaySubscriber.js';
import { assemble } from './assemble.js';
import { Party } from './Party.js';

/** A socket.io server that passes on what a source says to a subscriber and does nothing else, each a process of its own. */
export const startRelay = () =>
  assemble(async (keep) => {
    const relay = keep(new Party<RelaySkills>('relay'));
    const parties = {
      source: keep(new Party<RelaySourceSkills>('relaySource')),
      subscriber: keep(new Party<RelaySubscriberSkills>('relaySubscriber')),
    };
    const url = await relay.ask('start', undefined);
    await parties.subscriber.ask('start', url);
    await parties.source.ask('start', url);
    return parties;
  });
