const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_DIGITS = 10;
const RANDOM_DIGITS = 16;

/**
 * A new id for a job: 10 digits of time, then 16 random ones (80 bits), in Crockford's base 32. Ids sort by the
 * millisecond in which they were made.
 * @param now Unix ms
 */
export function newJobId(now: number = Date.now()): string {
  let time = '';
  for (let rest = now; time.length < TIME_DIGITS; rest = Math.floor(rest / 32)) time = `${ALPHABET[rest % 32]}${time}`;
  // Not randomUUID: a browser has it only on pages that came over TLS or from loopback.
  const random = crypto.getRandomValues(new Uint8Array(RANDOM_DIGITS));
  return time + Array.from(random, (byte) => ALPHABET[byte % 32]).join('');
}
