import { type Logger, type LoggerOptions, pino } from 'pino';
import type { Terminal } from '../print/Terminal.js';

const levelNames: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };
/** What pino puts into every line and a person does not need. */
const unshown = new Set(['level', 'time', 'pid', 'hostname', 'msg', 'err']);

/** The log of a server, on stderr: a line of JSON each, or on a terminal a line to read. */
export function serverLog(level: NonNullable<LoggerOptions['level']>, terminal: Terminal, isTty: boolean): Logger {
  if (!isTty) return pino({ level }, pino.destination({ dest: 2, sync: true }));
  return pino({ level }, { write: (line: string) => terminal.notice(readable(line, terminal)) });
}

function readable(line: string, { paintErr }: Terminal): string {
  const entry = JSON.parse(line) as Record<string, unknown>;
  const level = levelNames[Number(entry.level)] ?? 'info';
  const time = new Date(Number(entry.time)).toTimeString().slice(0, 8);
  const error = entry.err as { message?: string; stack?: string } | undefined;
  const rest = Object.entries(entry)
    .filter(([key]) => !unshown.has(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const colour = level === 'info' ? 'green' : level === 'warn' ? 'yellow' : level === 'debug' || level === 'trace' ? 'dim' : 'red';
  const words = [
    paintErr('dim', time),
    paintErr(colour, level.padEnd(5)),
    entry.msg ?? '',
    error?.message ?? '',
    paintErr('dim', rest.join(' ')),
  ];
  return words.filter((word) => word !== '').join(' ');
}
