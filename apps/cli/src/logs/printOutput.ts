import type { OutputPart } from '@skep/client';
import { Timestamps } from '../print/Timestamps.js';
import { textOrBase64 } from '../print/textOrBase64.js';
import type { Session } from '../Session.js';

/** Prints a part of a job's output, byte for byte. */
export async function printOutput(session: Session, id: string, part: OutputPart, hasTimes: boolean): Promise<void> {
  const { terminal, json } = session;
  const client = await session.client();
  // In chunks comes what must say when and by whom it was written, and what is taken up again when the connection is lost.
  if (!json && !hasTimes && part.follow !== true) {
    for await (const bytes of client.output(id, part)) await terminal.bytes('stdout', bytes);
    return;
  }
  const stamps = hasTimes ? new Timestamps() : undefined;
  for await (const { bytes, ...place } of client.chunks(id, part)) {
    if (json) await terminal.json({ ...place, ...textOrBase64(bytes) });
    else await terminal.bytes('stdout', stamps ? stamps.stamp(bytes, place.at, `${place.command} ${place.stream}`) : bytes);
  }
}
