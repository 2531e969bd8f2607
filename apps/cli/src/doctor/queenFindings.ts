import { connect, type SkepClient } from '@skep/client';
import { type DroneSummary, SkepError } from '@skep/protocol';
import { innermost } from '../print/failure.js';
import { type Finding, note, ok, wrong } from './Finding.js';

const DEADLINE_MS = 5000;
/** A clock that is wrong by more makes times hard to compare. */
const CLOCK_MS = 5000;

export interface QueenAsked {
  url: string;
  token: string | undefined;
  /** Where the address and the token are from. */
  from: { queen: string; token: string };
  version: string;
}

/** Whether the queen can be reached from here, over HTTP and sockets, lets us in, and has drones. What cannot be known then is left out. */
export async function* queenFindings(asked: QueenAsked): AsyncGenerator<Finding, void, void> {
  const { url, from } = asked;
  let health: Response;
  const askedAt = Date.now();
  try {
    health = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(DEADLINE_MS) });
  } catch (error) {
    return yield wrong(
      'queen',
      `${url} (from ${from.queen}) does not answer: ${innermost(error)}`,
      'start one with skep queen, or give its address with --queen',
    );
  }
  const answeredAt = Date.now();
  const { version } = (await health.json().catch(() => ({}))) as { version?: unknown };
  if (!health.ok || typeof version !== 'string')
    return yield wrong('queen', `${url} (from ${from.queen}) answers, but is no queen`, 'give the address of the queen with --queen');
  yield ok('queen', `${url} (from ${from.queen}) answers in ${answeredAt - askedAt} ms`);
  yield version === asked.version
    ? ok('version', `${version}, as here`)
    : note('version', `the queen is ${version}, this is ${asked.version}`, 'use the same version on both sides');
  yield* clockFindings(health.headers.get('date'), (askedAt + answeredAt) / 2);
  const client = connect({ url, token: asked.token, deadlineMs: DEADLINE_MS });
  try {
    yield* insideFindings(client, asked);
  } finally {
    client.close();
  }
}

/** @param date the `Date` header, in whole seconds */
function* clockFindings(date: string | null, hereAt: number): Generator<Finding, void, void> {
  const thereAt = Date.parse(date ?? '') + 500;
  if (Number.isNaN(thereAt)) return;
  const aheadMs = Math.round(hereAt - thereAt);
  yield Math.abs(aheadMs) < CLOCK_MS
    ? ok('clock', "within seconds of the queen's")
    : note(
        'clock',
        `${Math.round(Math.abs(aheadMs) / 1000)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} the queen's`,
        'let both machines keep their time by NTP',
      );
}

async function* insideFindings(client: SkepClient, { token, from }: QueenAsked): AsyncGenerator<Finding, void, void> {
  const given = token === undefined ? 'no token is given' : `the token (from ${from.token})`;
  let drones: DroneSummary[];
  try {
    drones = await client.drones();
  } catch (error) {
    if (!(error instanceof SkepError)) throw error;
    if (error.code === 'FORBIDDEN') return yield ok('token', `${given} lets a drone in, and nobody else`);
    return yield wrong(
      'token',
      token === undefined ? `${given}, and the queen asks for one` : `${given} is refused: ${error.message}`,
      'skep login, or SKEP_TOKEN',
    );
  }
  yield ok('token', token === undefined ? 'the queen asks for none' : `${given} opens everything`);
  yield await socketFinding(client);
  const here = drones.filter(({ state }) => state !== 'offline' && state !== 'lost');
  const slots = here.reduce((sum, { capacity }) => sum + capacity, 0);
  const running = here.reduce((sum, drone) => sum + drone.running.length, 0);
  yield here.length === 0
    ? note(
        'drones',
        drones.length === 0 ? 'none has ever connected' : `none of ${drones.length} is connected`,
        `skep drone --queen ${client.url} on a build machine`,
      )
    : ok('drones', `${here.length} of ${drones.length} connected, ${running} of ${slots} slots taken`);
}

/** Sockets need more of a proxy than HTTP does. */
async function socketFinding(client: SkepClient): Promise<Finding> {
  try {
    // Whoever is told that there is no such job has come all the way.
    for await (const _ of client.follow('doctor', { awayMs: DEADLINE_MS })) break;
  } catch (error) {
    if (!(error instanceof SkepError) || error.code !== 'JOB_NOT_FOUND')
      return wrong(
        'sockets',
        `no WebSocket comes through: ${innermost(error)}`,
        'have the proxy in between pass on WebSocket upgrades: docs/ui.md',
      );
  }
  return ok('sockets', 'a WebSocket comes through');
}
