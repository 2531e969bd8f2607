/** Where each event of an attempt stands in its output, so that a place can be searched for without loading output. */
export interface EventPlaces {
  countEvents(lease: number): number;
  /** The event must be there. */
  placeOf(lease: number, seq: number): { firstByte: number; firstLine: number; lines: number; bytes: number };
  outputOf(lease: number, seq: number): Uint8Array;
}

const LINE_END = 0x0a;

/** The seq of the event that holds this byte of an attempt's output; the number of events if it lies at or beyond the end. */
export function seqAtByte(events: EventPlaces, lease: number, byte: number): number {
  const count = events.countEvents(lease);
  if (count === 0) return 0;
  const last = events.placeOf(lease, count - 1);
  if (byte >= last.firstByte + last.bytes) return count;
  // The last event that begins at or before the byte: those without output that share its place come before it.
  return firstSeq(count, (seq) => events.placeOf(lease, seq).firstByte > byte) - 1;
}

/**
 * The seq of the event that holds the byte after this many line ends; the number of events if there are fewer, or if
 * nothing follows them.
 */
export function seqAtLine(events: EventPlaces, lease: number, line: number): number {
  if (line === 0) return seqAtByte(events, lease, 0);
  const count = events.countEvents(lease);
  if (count === 0) return 0;
  const last = events.placeOf(lease, count - 1);
  if (line > last.firstLine + last.lines) return count;
  // The line end we look for lies in the last event that has fewer line ends before it.
  const seq = firstSeq(count, (each) => events.placeOf(lease, each).firstLine >= line) - 1;
  const { firstByte, firstLine, lines, bytes } = events.placeOf(lease, seq);
  const isAtItsEnd = line === firstLine + lines && events.outputOf(lease, seq).at(-1) === LINE_END;
  return isAtItsEnd ? seqAtByte(events, lease, firstByte + bytes) : seq;
}

/** The first seq below `count` for which this holds, having been false up to there; `count` if for none. */
function firstSeq(count: number, holds: (seq: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
