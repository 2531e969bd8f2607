import { type AssignedJob, MASK, mapSecrets } from '@skep/protocol';
import { decoded } from '../workspace/address.js';

/** Values shorter than this are not masked: they stand in every output by chance, and masking them would tell more than it hides. */
export const SHORTEST_SECRET = 3;
/** Lines of a secret of several lines are masked by themselves too, from this length on: shorter ones (`}`, `EOF`) stand everywhere. */
const SHORTEST_LINE = 8;

const maskBytes = Buffer.from(MASK);

/** A run of bytes that belong to secrets; `end` is the first byte after it. */
interface Span {
  start: number;
  end: number;
}

/**
 * Replaces secrets in a stream of bytes, also where they lie across the borders of what is fed. What could be the
 * beginning of a secret is held back until it is clear that it is none. Secrets that overlap become one mask, so that no
 * part of either shows.
 */
export class SecretMask {
  #held: Buffer = Buffer.alloc(0);
  /** How many of the held bytes belong to a secret whose mask was given out. */
  #covered = 0;

  /** @param secrets as `secretsOf` gives them */
  constructor(private readonly secrets: readonly Buffer[]) {}

  /** What may be shown of all that was fed. */
  feed(bytes: Buffer): Buffer {
    if (this.secrets.length === 0) return bytes;
    const data = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    const until = data.length - beginningOfSecret(data, this.secrets);
    return this.#show(data, until);
  }

  /** What is left, when nothing more comes. */
  end(): Buffer {
    return this.#show(this.#held, this.#held.length);
  }

  #show(data: Buffer, until: number): Buffer {
    const spans = spansOf(data, this.secrets, this.#covered);
    const parts: Buffer[] = [];
    let at = 0;
    let covered = 0;
    for (const { start, end } of spans) {
      const isAnnounced = start === 0 && this.#covered > 0;
      if (start >= until && !isAnnounced) break;
      parts.push(data.subarray(at, start));
      if (!isAnnounced) parts.push(maskBytes);
      at = Math.min(end, until);
      covered = Math.max(0, end - until);
    }
    parts.push(data.subarray(at, until));
    this.#held = data.subarray(until);
    this.#covered = covered;
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  }
}

/** Text without secrets: command lines and messages. */
export function maskText(text: string, secrets: readonly Buffer[]): string {
  if (secrets.length === 0) return text;
  const mask = new SecretMask(secrets);
  return Buffer.concat([mask.feed(Buffer.from(text)), mask.end()]).toString();
}

/**
 * All that must not appear of a job: its ticket, the values of its secrets, the credentials of its repository and of its plugins, also the lines of
 * values that have several, and passwords as they stand in addresses. Longest first, none shorter than 3 bytes.
 */
export function secretsOf({
  secrets = {},
  repo,
  config,
  ticket,
  user_config,
}: Pick<AssignedJob, 'secrets' | 'repo' | 'config' | 'ticket'> & { user_config?: unknown }): Buffer[] {
  const values = [...Object.values(secrets), ...secretsIn(config), ...secretsIn(user_config)];
  const inUrl = /^[a-z+]+:\/\/([^/@]*)@/i.exec(repo?.url ?? '')?.[1]?.split(':') ?? [];
  const isHttp = /^https?:/i.test(repo?.url ?? '');
  // Over http a lone name is a token; over ssh it is `git`.
  for (const part of isHttp ? inUrl.slice(inUrl.length - 1) : inUrl.slice(1)) values.push(part, decoded(part));
  if (ticket !== undefined) values.push(ticket);
  if (repo?.auth?.type === 'https') values.push(repo.auth.password, encodeURIComponent(repo.auth.password));
  if (repo?.auth?.type === 'ssh') values.push(repo.auth.key);
  const texts = new Set(values.flatMap((value) => [value, value.trim(), ...linesOf(value)]));
  return [...texts]
    .map((text) => Buffer.from(text))
    .filter(({ length }) => length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length);
}

/** The secrets in the configuration of plugins, also as they stand in addresses. */
function secretsIn(config: unknown): string[] {
  const found: string[] = [];
  mapSecrets(config, (secret) => {
    found.push(secret, encodeURIComponent(secret));
    return secret;
  });
  return found;
}

/** The lines of a value of several, without the frame of a PEM file. */
function linesOf(value: string): string[] {
  const lines = value.split('\n').map((line) => line.trim());
  return lines.length < 2 ? [] : lines.filter((line) => line.length >= SHORTEST_LINE && !line.startsWith('-----'));
}

/** Where secrets stand in the data, overlapping ones joined, in order; the first `covered` bytes count as one. */
function spansOf(data: Buffer, secrets: readonly Buffer[], covered: number): Span[] {
  const found: Span[] = covered > 0 ? [{ start: 0, end: covered }] : [];
  for (const secret of secrets)
    for (let at = data.indexOf(secret); at >= 0; at = data.indexOf(secret, at + 1)) found.push({ start: at, end: at + secret.length });
  if (found.length < 2) return found;
  found.sort((a, b) => a.start - b.start);
  const joined: Span[] = [];
  for (const span of found) {
    const last = joined.at(-1);
    if (last && span.start < last.end) last.end = Math.max(last.end, span.end);
    else joined.push(span);
  }
  return joined;
}

/** How many bytes at the end may be the beginning of a secret: the most, if several could begin there. */
function beginningOfSecret(data: Buffer, secrets: readonly Buffer[]): number {
  let most = 0;
  for (const secret of secrets) {
    const first = secret[0] as number;
    const from = Math.max(0, data.length - secret.length + 1);
    for (let at = data.indexOf(first, from); at >= 0 && data.length - at > most; at = data.indexOf(first, at + 1)) {
      if (secret.compare(data, at, data.length, 0, data.length - at) === 0) most = data.length - at;
    }
  }
  return most;
}
