import { isUtf8 } from 'node:buffer';

/** Bytes as JSON can hold them: as text where they are text. */
export const textOrBase64 = (bytes: Uint8Array): { text: string } | { base64: string } =>
  isUtf8(bytes) ? { text: Buffer.from(bytes).toString('utf8') } : { base64: Buffer.from(bytes).toString('base64') };
