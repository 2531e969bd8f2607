import type { SkepClient } from '@skep/client';
import type { ArtifactInfo } from '@skep/protocol';

/** Saves an artifact as a file. @throws {SkepError} why the queen does not give it */
export async function saveArtifact(client: SkepClient, artifact: ArtifactInfo): Promise<void> {
  // Asked here first: an error that a browser saves as a file is read by nobody.
  for await (const _ of client.artifacts.bytes(artifact, 0, undefined, true)) break;
  save(await client.artifacts.address(artifact, true));
}

/** Which artifacts make an archive; all of the attempt where `paths` is empty. */
export interface Archive {
  job: string;
  attempt: number;
  form: 'zip' | 'tar.gz';
  paths: readonly string[];
}

/** Saves artifacts as one file. @throws {SkepError} why the queen does not give them */
export async function saveArchive(client: SkepClient, { job, attempt, form, paths }: Archive): Promise<void> {
  await client.artifacts.list(job, attempt);
  save(await client.artifacts.archiveAddress(job, attempt, form, paths));
}

function save(address: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = '';
  link.click();
}
