import { createHash } from 'node:crypto';

const LONGEST = 100;

/** A name for a file that stands for this text and no other, and leads nowhere else. */
export function safeName(text: string): string {
  const encoded = encodeURIComponent(text);
  if (encoded !== '' && encoded.length <= LONGEST && !encoded.startsWith('.')) return encoded;
  return `%${createHash('sha256').update(text).digest('hex')}`;
}
