import { once } from 'node:events';
import type { FileHandle } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';

/** What is read and sent at once. */
const CHUNK_BYTES = 512 * 1024;

export interface SendBytesOptions {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly file: FileHandle;
  /** The first byte, and the one after the last. */
  readonly from: number;
  readonly to: number;
  readonly signal: AbortSignal;
  /** Called whenever some were sent. */
  readonly onSent: () => void;
}

/**
 * Sends bytes of a file as the body of a request. With fetch, its streams would cost several times what sending does.
 * @returns what was answered, as text; also before all was sent
 */
export async function sendBytes(options: SendBytesOptions): Promise<{ status: number; text: string }> {
  const { url, method, headers, from, to, signal } = options;
  const begin = url.startsWith('https:') ? requestHttps : requestHttp;
  const request = begin(url, { method, headers: { ...headers, 'content-length': to - from }, signal });
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  try {
    const [response] = await Promise.race([answered, send(request, options).then(() => answered)]);
    return { status: response.statusCode ?? 0, text: await text(response) };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    answered.catch(() => undefined);
    request.on('error', () => undefined);
    // Whoever answers before all was sent wants no more of it.
    if (!request.writableFinished) request.destroy();
  }
}

async function send(request: ClientRequest, { file, from, to, onSent }: SendBytesOptions): Promise<void> {
  const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, to - from));
  for (let at = from; at < to; ) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, to - at), at);
    if (bytesRead === 0) throw new Error('the file has become shorter');
    at += bytesRead;
    // The buffer is free again when all of it is with the system.
    await new Promise<void>((resolve, reject) => {
      request.write(buffer.subarray(0, bytesRead), (error) => (error ? reject(error) : resolve()));
    });
    onSent();
  }
  request.end();
}
