import type { FileHandle } from 'node:fs/promises';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { PartBuffers } from './PartBuffers.js';
import { isMissingObject, isUnsupported } from './s3Error.js';

/** The most parts that an upload may have. */
const MAX_PARTS = 10_000;
const GIVE_UP_MS = 5000;

export interface MultipartsOptions {
  client: S3Client;
  bucket: string;
  buffers: PartBuffers;
  /** Of one part, unless there would be too many of them. */
  partBytes: number;
  /** Parts of one upload that are on their way at once. */
  atOnce: number;
}

/** Objects that are uploaded in parts. They are there with the last of them, or not at all. */
export class Multiparts {
  readonly #options: MultipartsOptions;
  readonly #keys = new Set<string>();

  constructor(options: MultipartsOptions) {
    this.#options = options;
  }

  /** Uploads a file. Where that fails, the parts that are there are given up. */
  async put(Key: string, file: FileHandle, size: number, signal: AbortSignal): Promise<void> {
    const { client, bucket: Bucket } = this.#options;
    this.#keys.add(Key);
    try {
      const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }), { abortSignal: signal });
      const upload = { Bucket, Key, UploadId };
      try {
        const Parts = await this.#putParts(upload, file, size, signal);
        await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }), { abortSignal: signal });
      } catch (error) {
        await this.#giveUp(upload).catch(() => undefined);
        throw error;
      }
    } finally {
      this.#keys.delete(Key);
    }
  }

  /** Gives up all uploads below a prefix that are not ours of now. Where they cannot be listed, nothing happens. */
  async giveUpOrphans(Prefix: string): Promise<void> {
    const { client, bucket: Bucket } = this.#options;
    let next: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } | undefined = {};
    while (next) {
      const asked: ListMultipartUploadsCommand = new ListMultipartUploadsCommand({ Bucket, Prefix, ...next });
      const page: ListMultipartUploadsCommandOutput | undefined = await client.send(asked).catch((error: unknown) => {
        if (!isUnsupported(error)) throw error;
        return undefined;
      });
      for (const { Key, UploadId } of page?.Uploads ?? []) {
        if (Key === undefined || this.#keys.has(Key)) continue;
        await this.#giveUp({ Bucket, Key, UploadId });
      }
      next = page?.IsTruncated ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker } : undefined;
    }
  }

  async #putParts(
    upload: { Bucket: string; Key: string; UploadId: string | undefined },
    file: FileHandle,
    size: number,
    signal: AbortSignal,
  ): Promise<{ PartNumber: number; ETag: string | undefined }[]> {
    const { client, buffers, atOnce } = this.#options;
    const partBytes = Math.max(this.#options.partBytes, Math.ceil(size / MAX_PARTS));
    const parts: { PartNumber: number; ETag: string | undefined }[] = [];
    const failing = new AbortController();
    const abortSignal = AbortSignal.any([signal, failing.signal]);
    let next = 0;
    const putSome = async (): Promise<void> => {
      for (let at = next; at < size; at = next) {
        next += partBytes;
        await buffers.with(partBytes, async (buffer) => {
          abortSignal.throwIfAborted();
          const { bytesRead } = await file.read(buffer, 0, Math.min(partBytes, size - at), at);
          const PartNumber = at / partBytes + 1;
          const Body = buffer.subarray(0, bytesRead);
          const { ETag } = await client.send(new UploadPartCommand({ ...upload, PartNumber, Body }), { abortSignal });
          parts[PartNumber - 1] = { PartNumber, ETag };
        });
      }
    };
    // The first that fails ends the others, and is what is told.
    const failed = (error: unknown): void => failing.abort(error);
    await Promise.all(Array.from({ length: atOnce }, () => putSome().catch(failed)));
    failing.signal.throwIfAborted();
    return parts;
  }

  async #giveUp(upload: { Bucket: string; Key: string; UploadId: string | undefined }): Promise<void> {
    try {
      await this.#options.client.send(new AbortMultipartUploadCommand(upload), { abortSignal: AbortSignal.timeout(GIVE_UP_MS) });
    } catch (error) {
      if (!isMissingObject(error) && !isUnsupported(error)) throw error;
    }
  }
}
