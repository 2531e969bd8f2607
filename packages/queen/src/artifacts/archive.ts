import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { ArtifactRecord } from '@skep/store';
import { type Pack, pack } from 'tar-stream';
import { ZipFile } from 'yazl';
import type { Contents } from './Contents.js';

/** All artifacts in one tarball, made as it is read: nothing of it is kept anywhere. */
export async function* tarOf(artifacts: readonly ArtifactRecord[], contents: Contents): AsyncGenerator<Uint8Array> {
  const tar = pack();
  const gzip = createGzip({ level: 1 });
  const piped = pipeline(tar, gzip);
  const packed = packAll(tar, artifacts, contents);
  // Whoever reads is told by the stream itself.
  piped.catch(() => undefined);
  packed.catch((error: Error) => {
    tar.destroy(error);
    gzip.destroy(error);
  });
  try {
    for await (const bytes of gzip) yield bytes as Buffer;
  } finally {
    tar.destroy();
    gzip.destroy();
  }
}

async function packAll(tar: Pack, artifacts: readonly ArtifactRecord[], contents: Contents): Promise<void> {
  for (const { path, size, mode, sha256, createdAt } of artifacts) {
    const content = await contents.read(sha256);
    const entry = tar.entry({ name: path, size, mode, mtime: new Date(createdAt) });
    await pipeline(Readable.from(content), entry);
  }
  tar.finalize();
}

/** The same as a zip. */
export async function* zipOf(artifacts: readonly ArtifactRecord[], contents: Contents): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  zip.on('error', (error) => output.destroy(error as Error));
  for (const { path, size, mode, sha256, createdAt } of artifacts) {
    zip.addReadStreamLazy(path, { size, mode: 0o100000 | mode, mtime: new Date(createdAt) }, (give) => {
      contents.read(sha256).then(
        (content) => give(null, Readable.from(content)),
        (error: unknown) => give(error, undefined as never),
      );
    });
  }
  zip.end();
  try {
    for await (const bytes of output) yield bytes as Buffer;
  } finally {
    output.destroy();
  }
}
