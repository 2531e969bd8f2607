import { createHash } from 'node:crypto';

const MAX_ID = 128;
const MAX_WORDS = 40;
const DIGEST = 16;

/**
 * The id of a child: the same for the same parent and the same texts, which say what tells the child from its siblings. Such
 * as `nightly@2026-11-24T01:30:00Z~debian-12~20`; where that would be no id or too long, it is cut and ends with a digest.
 */
export function childIdOf(parent: string, texts: readonly string[]): string {
  const plain = `${parent}~${texts.join('~')}`;
  if (plain.length <= MAX_ID && texts.every((text) => /^[A-Za-z0-9._-]+$/.test(text))) return plain;
  // 96 bits, as base64url: letters, digits, - and _.
  const digest = createHash('sha256')
    .update(JSON.stringify([parent, texts]))
    .digest('base64url')
    .slice(0, DIGEST);
  const words = texts
    .join('~')
    .replace(/[^A-Za-z0-9._~-]+/g, '-')
    .slice(0, MAX_WORDS);
  return `${parent.slice(0, MAX_ID - MAX_WORDS - DIGEST - 2)}~${words}~${digest}`;
}
