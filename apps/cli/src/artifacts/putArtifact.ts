import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { ArtifactBody, AttemptNumber, JobId, LeaseNumber, parseAs, TICKET_PREFIX } from '@skep/protocol';
import { z } from 'zod';
import { CliError } from '../CliError.js';
import { EXIT } from '../exitCodes.js';
import type { Session } from '../Session.js';

const Holder = z.tuple([JobId, AttemptNumber, LeaseNumber]);

/** Uploads a file as an artifact of the attempt that this process belongs to. @returns what was uploaded */
export async function putArtifact(session: Session, path: string, as: string | undefined): Promise<ArtifactBody> {
  const [job, attempt, lease] = holderOf(session.env.SKEP_TICKET);
  const file = await open(resolve(session.cwd, path), 'r').catch((error: Error) => {
    throw new CliError(`${path} cannot be read`, error.message, 'skep artifact put FILE', EXIT.usage);
  });
  try {
    const stat = await file.stat();
    if (!stat.isFile())
      throw new CliError(`${path} is no file`, undefined, `tar czf ${path}.tar.gz ${path}, or name it in the job's artifacts`, EXIT.usage);
    const hash = createHash('sha256');
    if (stat.size > 0)
      for await (const bytes of createReadStream(resolve(session.cwd, path), { end: stat.size - 1 })) hash.update(bytes as Buffer);
    const artifact = parseAs(
      ArtifactBody,
      { attempt, lease, path: as ?? nameOf(session.cwd, path), size: stat.size, mode: stat.mode & 0o777, sha256: hash.digest('hex') },
      'The artifact',
    );
    await (await session.ticketClient()).artifacts.upload(job, artifact, async (from, to) => {
      const { buffer, bytesRead } = await file.read({ buffer: new Uint8Array(to - from), position: from });
      return buffer.subarray(0, bytesRead);
    });
    return artifact;
  } finally {
    await file.close();
  }
}

/** Its path from here; of a file that lies elsewhere, its name. */
function nameOf(cwd: string, path: string): string {
  const here = relative(cwd, resolve(cwd, path)).split(sep);
  return here[0] === '..' ? (here.at(-1) ?? '') : here.join('/');
}

function holderOf(ticket: string | undefined): z.infer<typeof Holder> {
  try {
    const [body = ''] = (ticket ?? '').slice(TICKET_PREFIX.length).split('.');
    return Holder.parse(JSON.parse(Buffer.from(body, 'base64url').toString()));
  } catch {
    throw new CliError(
      'this is no command of a job',
      'there is no SKEP_TICKET here, which drones give the commands that they run',
      'run it in a phase of a job, or name the files in its `artifacts`',
      EXIT.usage,
    );
  }
}
