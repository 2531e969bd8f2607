import type { Readable } from 'node:stream';
import type { GivenArtifact } from '../ContentStore.js';

/** How long the other side may neither take nor say anything. */
const SILENCE_MS = 60_000;

export interface PostArtifactOptions {
  url: string;
  authorization: string | undefined;
  artifact: GivenArtifact;
  content: Readable;
  signal: AbortSignal;
}

/**
 * Gives an artifact to an address: its bytes are the body, what it is stands in the headers.
 * @throws in words, unless the answer says that it was taken (2xx); the signal's reason
 */
export async function postArtifact({ url, authorization, artifact, content, signal }: PostArtifactOptions): Promise<void> {
  const { job, project, attempt, path, size, mode, mediaType, sha256 } = artifact;
  const silence = new AbortController();
  const watch = setTimeout(() => silence.abort(new Error(`it said and took nothing for ${SILENCE_MS / 1000} s`)), SILENCE_MS);
  async function* watched(): AsyncGenerator<Uint8Array> {
    for await (const bytes of content as AsyncIterable<Uint8Array>) {
      watch.refresh();
      yield bytes;
    }
  }
  try {
    const response = await fetch(url, {
      method: 'POST',
      // Another address is for whoever runs the queen to give.
      redirect: 'manual',
      headers: {
        'content-type': mediaType,
        'content-length': String(size),
        ...(authorization !== undefined && { authorization }),
        'x-skep-job': encodeURIComponent(job),
        ...(project !== null && { 'x-skep-project': encodeURIComponent(project) }),
        'x-skep-attempt': String(attempt),
        'x-skep-path': path.split('/').map(encodeURIComponent).join('/'),
        'x-skep-mode': mode.toString(8),
        'x-skep-sha256': sha256,
      },
      body: ReadableStream.from(watched()),
      duplex: 'half',
      signal: AbortSignal.any([signal, silence.signal]),
    } as RequestInit);
    await response.body?.cancel();
    if (!response.ok) throw new Error(`it answered ${response.status} ${response.statusText}`.trimEnd());
  } catch (error) {
    signal.throwIfAborted();
    // fetch itself only says that it failed; why is in the cause.
    throw error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
  } finally {
    clearTimeout(watch);
    // Where nobody was reached, nobody has read it.
    content.destroy();
  }
}
