import { AttemptNumber, JobId, LeaseNumber, TICKET_PREFIX } from '@skep/protocol';
import { z } from 'zod';
import type { Seals } from './seals.js';

/** Whose ticket it is. */
const Holder = z.tuple([JobId, AttemptNumber, LeaseNumber]);
export interface TicketHolder {
  id: string;
  attempt: number;
  lease: number;
}

/**
 * What an attempt shows in place of a drone's token, so that no job ever sees that: it names the attempt's lease and is
 * sealed with a key that only the queen has. Whether the lease is still live is for whoever reads it to ask.
 */
export interface Tickets {
  of(holder: TicketHolder): string;
  /** Who holds this ticket; undefined if it is none of ours. */
  read(ticket: string): TicketHolder | undefined;
}

export const createTickets = (seals: Seals): Tickets => ({
  of({ id, attempt, lease }) {
    const body = Buffer.from(JSON.stringify([id, attempt, lease])).toString('base64url');
    return `${TICKET_PREFIX}${body}.${seals.of(body)}`;
  },

  read(ticket) {
    const [body = '', seal = ''] = ticket.slice(TICKET_PREFIX.length).split('.');
    if (!ticket.startsWith(TICKET_PREFIX) || !seals.isOf(seal, body)) return undefined;
    const [id, attempt, lease] = Holder.parse(JSON.parse(Buffer.from(body, 'base64url').toString()));
    return { id, attempt, lease };
  },
});
