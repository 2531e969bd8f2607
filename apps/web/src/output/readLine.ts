import { type LinkSource, sourcesIn } from './sourceLinks.js';
import { applySgr, plainStyle, type TextStyle } from './TextStyle.js';

/** Text in one style. */
export interface Segment {
  text: string;
  style: TextStyle;
  /** Where it leads, if it is a link: http or https only. */
  href?: string;
}

/** A line as it is shown. */
export interface ShownLine {
  segments: Segment[];
  /** How often it was written anew with carriage returns; only the last of these is shown. */
  repaints: number;
  /** Characters that are not shown because the line is too long. */
  cut: number;
}

/** More of a line than this is not drawn. */
const MAX_CHARS = 5000;

const decoder = new TextDecoder();

// Made of strings: control characters in a literal are taken for a mistake.
const OSC = '\\x1b\\](\\d*);?([^\\x07\\x1b]*)(?:\\x07|\\x1b\\\\|$)';
const CSI = '\\x1b\\[([0-?]*)[ -/]*([@-~]|$)';
const SGR = '\\x1b\\[[\\d;:]*m';
const OTHER = '[\\x00-\\x08\\x0b-\\x1f\\x7f]';
const control = new RegExp(`${OSC}|${CSI}|\\x1b[ -/]*[0-Z\\\\^-~]?|\\r|${OTHER}`, 'g');
const sgr = new RegExp(SGR, 'g');
const otherControl = new RegExp(OTHER);
const address = /https?:\/\/[^\s"'<>`]+[^\s"'<>`.,;:!?)\]}]/g;

/** What a terminal shows of these bytes of one line, which begins in `style`. @param linkSource where places in source files lead; nowhere if absent */
export function readLine(bytes: Uint8Array, style: TextStyle = plainStyle, linkSource?: LinkSource): ShownLine {
  const { segments, repaints } = segmentsOf(
    decoder
      .decode(bytes)
      .replace(/\r?\n$/, '')
      .replace(/\r+$/, ''),
    style,
  );
  return { ...shortened(segments.flatMap((segment) => withLinks(segment, linkSource))), repaints };
}

/** The same as plain text, whole. */
export const textOfLine = (bytes: Uint8Array): string => plainText(decoder.decode(bytes).replace(/\n$/, ''));

/** The same of many lines, each of which has its end. Where they hold nothing but text and colours, as most do, all are read in one go. */
export function textOfLines(bytes: Uint8Array): string[] {
  const text = decoder.decode(bytes).replace(/\n$/, '');
  const uncolored = text.replace(sgr, '');
  return otherControl.test(uncolored) ? text.split('\n').map(plainText) : uncolored.split('\n');
}

function plainText(line: string): string {
  const text = line.endsWith('\r') ? line.replace(/\r+$/, '') : line;
  if (!text.includes('\r')) return text.replace(control, '');
  const { segments } = segmentsOf(text, plainStyle);
  return segments.map((segment) => segment.text).join('');
}

function segmentsOf(text: string, begin: TextStyle): { segments: Segment[]; repaints: number } {
  let segments: Segment[] = [];
  let style = begin;
  let href: string | undefined;
  let from = 0;
  let repaints = 0;
  const push = (piece: string): void => {
    if (piece !== '') segments.push({ text: piece, style, ...(href !== undefined && { href }) });
  };
  for (const match of text.matchAll(control)) {
    push(text.slice(from, match.index));
    from = match.index + match[0].length;
    const [whole, osc, target = '', parameters = '', final] = match;
    if (whole === '\r') {
      segments = [];
      repaints += 1;
    } else if (final === 'm' && /^[\d;:]*$/.test(parameters)) style = applySgr(style, parameters);
    else if (osc === '8') href = linkIn(target);
  }
  push(text.slice(from));
  return { segments, repaints };
}

/** The address in `params;address` of an OSC 8 sequence; undefined where the link ends, or leads elsewhere than into the web. */
function linkIn(target: string): string | undefined {
  const link = target.slice(target.indexOf(';') + 1);
  return /^https?:\/\//i.test(link) && URL.canParse(link) ? link : undefined;
}

/** A segment with the addresses in its text, and the places in source files, as links. */
function withLinks(segment: Segment, linkSource: LinkSource | undefined): Segment[] {
  const { text } = segment;
  if (segment.href !== undefined || !text.includes(':')) return [segment];
  const links = Array.from(text.matchAll(address), ({ 0: href, index }) => ({ href, from: index, to: index + href.length }));
  const isFree = (place: { from: number; to: number }): boolean => links.every(({ from, to }) => place.to <= from || place.from >= to);
  const sources = linkSource ? sourcesIn(text, linkSource).filter(isFree) : [];
  const parts: Segment[] = [];
  let at = 0;
  for (const { from, to, href } of [...links, ...sources].sort((a, b) => a.from - b.from)) {
    if (from > at) parts.push({ ...segment, text: text.slice(at, from) });
    parts.push({ ...segment, text: text.slice(from, to), href });
    at = to;
  }
  if (at < text.length) parts.push({ ...segment, text: text.slice(at) });
  return parts;
}

function shortened(segments: Segment[]): { segments: Segment[]; cut: number } {
  const total = segments.reduce((sum, { text }) => sum + text.length, 0);
  if (total <= MAX_CHARS) return { segments, cut: 0 };
  let room = MAX_CHARS;
  const kept: Segment[] = [];
  for (const segment of segments) {
    if (room <= 0) break;
    kept.push({ ...segment, text: segment.text.slice(0, room) });
    room -= segment.text.length;
  }
  return { segments: kept, cut: total - MAX_CHARS };
}
