/** Bytes from 0, both ends included. */
export interface ByteRange {
  first: number;
  last: number;
}

/**
 * What a `Range` header asks for of something of this size (RFC 9110, section 14.2). Undefined, which means all of it,
 * for what is no range of bytes, and for several at once: nobody is bound to serve those.
 */
export function byteRangeOf(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | undefined {
  const [, begin = '', end = ''] = /^bytes=(\d*)-(\d*)$/i.exec(header?.trim() ?? '') ?? [];
  if (begin === '' && end === '') return undefined;
  if (begin === '') {
    const count = Math.min(Number(end), size);
    return count === 0 ? 'unsatisfiable' : { first: size - count, last: size - 1 };
  }
  const first = Number(begin);
  if (end !== '' && Number(end) < first) return undefined;
  return first >= size ? 'unsatisfiable' : { first, last: end === '' ? size - 1 : Math.min(Number(end), size - 1) };
}
