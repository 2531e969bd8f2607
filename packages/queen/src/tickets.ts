import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AttemptNumber, JobId, LeaseNumber, TICKET_PREFIX } from '@skep/protocol';
import { z } from 'zod';

const KEY_BYTES = 32;

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

/** The tickets of the queen of this data folder: those that it gave before a restart are good after it. Without a folder they are not. */
export async function openTickets(dataDir: string | undefined): Promise<Tickets> {
  return createTickets(dataDir === undefined ? randomBytes(KEY_BYTES) : await keyIn(join(dataDir, 'tickets.key')));
}

export function createTickets(key: Buffer): Tickets {
  const sealOf = (body: string): Buffer => createHmac('sha256', key).update(body).digest();
  return {
    of({ id, attempt, lease }) {
      const body = Buffer.from(JSON.stringify([id, attempt, lease])).toString('base64url');
      return `${TICKET_PREFIX}${body}.${sealOf(body).toString('base64url')}`;
    },

    read(ticket) {
      const [body = '', seal = ''] = ticket.slice(TICKET_PREFIX.length).split('.');
      const expected = sealOf(body);
      const given = Buffer.from(seal, 'base64url');
      if (!ticket.startsWith(TICKET_PREFIX) || given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
      const [id, attempt, lease] = Holder.parse(JSON.parse(Buffer.from(body, 'base64url').toString()));
      return { id, attempt, lease };
    },
  };
}

/** The key in a file, made if there is none; one that a crash left half written was never used. */
async function keyIn(path: string): Promise<Buffer> {
  const kept = await readFile(path).catch(() => undefined);
  if (kept?.length === KEY_BYTES) return kept;
  const key = randomBytes(KEY_BYTES);
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(key);
    await file.sync();
  } finally {
    await file.close();
  }
  return key;
}
