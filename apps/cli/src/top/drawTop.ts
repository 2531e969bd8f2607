import { cellWords, type DroneSummary, type JobSummary } from '@skep/protocol';
import type { Colour, Paint } from '../print/paint.js';
import { droneColours, spanWords, statusColour, statusWords } from '../print/words.js';
import { columnsOf, fitted } from './cells.js';

export interface TopView {
  queen: string;
  drones: readonly DroneSummary[];
  jobs: readonly JobSummary[];
  isLive: boolean;
  hasAll: boolean;
}

export interface TopSize {
  /** Infinity where nothing need be cut. */
  columns: number;
  rows: number;
}

/** The least that is shown of a table beside its heading, and what of the screen drones take at the most. */
const LEAST_ROWS = 2;
const DRONES_SHARE = 1 / 3;

/** What `skep top` shows, line by line, no more and no longer than there is room. @param now Unix ms */
export function drawTop(view: TopView, { columns, rows }: TopSize, now: number, paint: Paint): string[] {
  const drones = view.drones.map(droneRow);
  const jobs = view.jobs.map((job) => jobRow(job, now));
  const forDrones = Math.max(LEAST_ROWS, Math.floor(rows * DRONES_SHARE));
  const head = [heading(view, columns, paint), ''];
  const upper =
    drones.length === 0
      ? ['no drone yet: start one with `skep drone --queen URL`']
      : tableOf(droneColumns, drones, columns, forDrones, paint);
  const left = rows - head.length - upper.length - 2;
  const lower = jobs.length === 0 ? ['no job waits or runs'] : tableOf(jobColumns, jobs, columns, Math.max(LEAST_ROWS, left), paint);
  return [...head, ...upper, '', ...lower].slice(0, rows);
}

function heading({ queen, drones, jobs, isLive, hasAll }: TopView, columns: number, paint: Paint): string {
  const connected = drones.filter(({ connectedAt }) => connectedAt !== null);
  const used = connected.reduce((sum, { running }) => sum + running.length, 0);
  const slots = connected.reduce((sum, { capacity }) => sum + capacity, 0);
  const waiting = jobs.filter(({ status }) => status === 'queued').length;
  const more = hasAll ? '' : '+';
  const facts = `drones ${connected.length}/${drones.length}  slots ${used}/${slots}  running ${jobs.length - waiting}${more}  waiting ${waiting}${more}`;
  const state = isLive ? 'live' : 'the connection is lost; trying again';
  const text = `skep  ${queen}  ${facts}  `;
  return (
    paint('bold', fitted(text, Math.min(columns - columnsOf(state), columnsOf(text)))) +
    paint(isLive ? 'green' : 'yellow', fitted(state, Math.min(columns, columnsOf(state))))
  );
}

interface Column {
  title: string;
  /** The most columns that it takes; the last one takes what is left. */
  most: number;
}

type Row = (string | { text: string; colour: Colour })[];

const droneColumns: readonly Column[] = [
  { title: 'DRONE', most: 24 },
  { title: 'STATE', most: 11 },
  { title: 'SLOTS', most: 20 },
  { title: 'LOAD', most: 6 },
  { title: 'WAITING', most: 7 },
  { title: 'REASON', most: Number.POSITIVE_INFINITY },
];

const droneRow = ({ name, state, running, capacity, waiting, reason = '' }: DroneSummary): Row => [
  name,
  { text: state, colour: droneColours[state] },
  `${gauge(running.length / capacity, Math.min(capacity, 10))} ${running.length}/${capacity}`,
  `${Math.round(((running.length + waiting) / capacity) * 100)} %`,
  String(waiting),
  reason,
];

const jobColumns: readonly Column[] = [
  { title: 'STATUS', most: 9 },
  { title: 'JOB', most: 26 },
  { title: 'WHAT', most: 28 },
  { title: 'DRONE', most: 16 },
  { title: 'AGE', most: 9 },
  { title: 'PROGRESS', most: 22 },
  { title: 'LAST LINE', most: Number.POSITIVE_INFINITY },
];

function jobRow(job: JobSummary, now: number): Row {
  const ranMs = job.started === null ? undefined : Math.max(0, now - job.started);
  return [
    { text: job.status, colour: statusColour(job) },
    job.id,
    job.cell ? `${job.title} (${cellWords(job.cell)})` : job.title,
    job.status === 'queued' ? '' : (job.drone ?? ''),
    spanWords(Math.max(0, now - job.queued)),
    job.usual && ranMs !== undefined ? progress(ranMs, job.usual.likely) : ranMs === undefined ? '' : spanWords(ranMs),
    job.status === 'queued' ? statusWords(job).replace(/^queued:? ?/, '') : (job.lastLine ?? ''),
  ];
}

/** How far a job has come, if it takes as long as it usually does: `▮▮▮▯▯ 62 % of 2 m 40 s`. */
function progress(ranMs: number, usualMs: number): string {
  const part = usualMs === 0 ? 1 : ranMs / usualMs;
  return part > 1
    ? `${gauge(1, 5)} ${spanWords(ranMs - usualMs)} over`
    : `${gauge(part, 5)} ${Math.floor(part * 100)} % of ${spanWords(usualMs)}`;
}

const gauge = (part: number, length: number): string => {
  const full = Math.min(length, Math.round(part * length));
  return '▮'.repeat(full) + '▯'.repeat(length - full);
};

/** Columns as wide as what they hold, a heading over them; where there are too many rows, the last says how many are missing. */
function tableOf(columns: readonly Column[], rows: readonly Row[], width: number, most: number, paint: Paint): string[] {
  const room = Math.max(1, most - 1);
  const shown = rows.length > room ? rows.slice(0, room - 1) : rows;
  const widths = columns.map(({ title, most }, index) =>
    Math.min(most, Math.max(title.length, ...shown.map((row) => columnsOf(textOf(row[index] ?? ''))))),
  );
  const lineOf = (row: Row): string => {
    let left = width;
    const cells: string[] = [];
    for (const [index, cell] of row.entries()) {
      const space = Math.min(index === row.length - 1 && Number.isFinite(width) ? left : (widths[index] ?? 0), left);
      if (space <= 0) break;
      const text = fitted(textOf(cell), space);
      cells.push(typeof cell === 'string' ? text : paint(cell.colour, text));
      left -= space + 2;
    }
    return cells.join('  ').trimEnd();
  };
  const missing = rows.length - shown.length;
  return [
    lineOf(columns.map(({ title }) => ({ text: title, colour: 'dim' }))),
    ...shown.map(lineOf),
    ...(missing > 0 ? [paint('dim', `and ${missing} more`)] : []),
  ];
}

const textOf = (cell: Row[number]): string => (typeof cell === 'string' ? cell : cell.text);
