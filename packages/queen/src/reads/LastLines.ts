import type { EventRun, StoredEvent } from '@skep/store';
import { shownLine } from './shownLine.js';

const LINE_END = 0x0a;
/** More of a line than this is not gathered: of a longer one only the beginning is shown. */
const LINE_BYTES = 2048;

/** What was heard of a job's output: bytes are only pointed at, and read when somebody looks. */
interface Heard {
  /** What each stream wrote since its last line end. */
  open: { stdout?: Uint8Array; stderr?: Uint8Array };
  /** What holds the newest line end, and what its line began with; undefined once it was looked at. */
  newest: { before: Uint8Array | undefined; bytes: Uint8Array } | undefined;
  line: string | undefined;
  /** What `changed` told of last. */
  told: string | undefined;
}

/** The last whole line of every job that runs, of what was heard since the queen began. */
export class LastLines {
  readonly #jobs = new Map<string, Heard>();
  /** The jobs that wrote a line since somebody looked. */
  readonly #fresh = new Set<string>();

  /** Events of a job that are durable by now. */
  heard(jobId: string, { events }: EventRun): void {
    for (const event of events) {
      if (event.output) this.#hear(jobId, event, event.output);
      else if (event.name === 'job:cmd:start') this.#forgetOpen(jobId);
    }
  }

  /** The job does not run any more. */
  forget(jobId: string): void {
    this.#jobs.delete(jobId);
    this.#fresh.delete(jobId);
  }

  /** The last whole line that is not blank, fit to be shown; undefined if none was heard. */
  of(jobId: string): string | undefined {
    const heard = this.#jobs.get(jobId);
    if (heard?.newest) {
      heard.line = shownLine(heard.newest.before, heard.newest.bytes) ?? heard.line;
      // What was pointed at may be a small part of much memory.
      heard.newest = undefined;
    }
    return heard?.line;
  }

  /** The jobs whose last line is another since this was asked before. */
  changed(): string[] {
    const changed: string[] = [];
    for (const jobId of this.#fresh) {
      const heard = this.#jobs.get(jobId);
      const line = this.of(jobId);
      if (!heard || line === heard.told) continue;
      heard.told = line;
      changed.push(jobId);
    }
    this.#fresh.clear();
    return changed;
  }

  #hear(jobId: string, { lines }: StoredEvent, { stream, bytes }: NonNullable<StoredEvent['output']>): void {
    let heard = this.#jobs.get(jobId);
    if (!heard) {
      heard = { open: {}, newest: undefined, line: undefined, told: undefined };
      this.#jobs.set(jobId, heard);
    }
    const { open } = heard;
    if (lines === 0) {
      open[stream] = joined(open[stream], bytes);
      return;
    }
    const before = open[stream];
    if (!isBlank(bytes) || (before && !isBlank(before))) heard.newest = { before, bytes };
    if (bytes[bytes.length - 1] === LINE_END) delete open[stream];
    else open[stream] = bytes.slice(bytes.lastIndexOf(LINE_END) + 1, bytes.lastIndexOf(LINE_END) + 1 + LINE_BYTES);
    this.#fresh.add(jobId);
  }

  #forgetOpen(jobId: string): void {
    const heard = this.#jobs.get(jobId);
    if (heard) heard.open = {};
  }
}

/** A line that goes on; its end is left out where it is long. */
function joined(begun: Uint8Array | undefined, bytes: Uint8Array): Uint8Array {
  if (!begun) return bytes.slice(0, LINE_BYTES);
  return begun.length >= LINE_BYTES ? begun : Buffer.concat([begun, bytes.subarray(0, LINE_BYTES - begun.length)]);
}

/** Whether nothing is in it but spaces and line ends; for most output the first byte tells. */
const isBlank = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));
