import { answerTo, JOBS, LEASE, type Message, Messages, mustBeRefused, type Side } from './messages.js';
import { flawOf } from './namedError.js';
import type { Random } from './Random.js';
import { RawSocket } from './RawSocket.js';

/** Sockets of each kind. */
const CALLERS = 4;
const DRONES = 4;
const INFO = { speed: 1, capacity: 4, labels: { fuzz: 'yes' } };

interface Peer {
  side: Side;
  socket: RawSocket;
  /** How many messages without an ack it said that must be refused. */
  mustBeRefused: number;
}

/** Callers and drones that say what messages are made of, and compare what they are answered with what may be answered. */
export class Swarm {
  readonly problems: string[] = [];
  readonly #messages: Record<Side, Messages>;
  #peers: Peer[] = [];

  constructor(
    private readonly url: string,
    private readonly random: Random,
    seed: number,
  ) {
    this.#messages = { caller: new Messages('caller', seed), drone: new Messages('drone', seed) };
  }

  /** Sends so many messages over sockets of this round, and waits for all that is to be answered. */
  async round(number: number, count: number): Promise<void> {
    await this.#gather(number);
    const answered: Promise<void>[] = [];
    for (let sent = 0; sent < count; sent++) {
      const peer = this.random.pick(this.#peers);
      const message = this.#messages[peer.side].next(this.random);
      answered.push(this.#say(peer, number, message));
    }
    await Promise.all(answered);
    for (const peer of this.#peers) await this.#dismiss(peer);
    this.#peers = [];
  }

  /** Connects everybody, and hands jobs to the drones for the messages to speak of. */
  async #gather(number: number): Promise<void> {
    const callers = await Promise.all(Array.from({ length: CALLERS }, () => RawSocket.connect(this.url, '/')));
    const drones = await Promise.all(Array.from({ length: DRONES }, (_, index) => this.#drone(number, index)));
    const [caller] = callers;
    for (let job = 0; job < JOBS; job++) {
      const data = { id: `r${number}.${job}`, requires: { labels: { fuzz: 'yes' } }, retry: { lost: 0, failed: 0 } };
      await caller?.ask(JSON.stringify(['queue:new', data]));
    }
    for (const drone of drones) await drone.ask('["drone:keep-alive"]');
    const peers = [
      ...callers.map((socket) => ({ side: 'caller' as const, socket })),
      ...drones.map((socket) => ({ side: 'drone' as const, socket })),
    ];
    this.#peers = peers.map((peer) => ({ ...peer, mustBeRefused: 0 }));
  }

  /** Every other one speaks the packed form. */
  async #drone(number: number, index: number): Promise<RawSocket> {
    const greeting = index % 2 === 0 ? {} : { protocol: 1, id: `fuzz-${index}`, session: `s${number}` };
    const drone = await RawSocket.connect(this.url, '/drone', greeting);
    await drone.ask(JSON.stringify(['drone:info', INFO]));
    await drone.ask('["drone:resume",{"attempts":[]}]');
    return drone;
  }

  async #say(peer: Peer, round: number, message: Message): Promise<void> {
    const json = aboutJobs(message.json, round, peer.socket);
    const spoken = withBytes(JSON.parse(json), message.attachments) as unknown[];
    const isRefused = mustBeRefused(peer.side, spoken);
    if (!message.asks) {
      if (isRefused) peer.mustBeRefused += 1;
      peer.socket.say(json, message.attachments);
      return;
    }
    const answer = await peer.socket.ask(json, message.attachments);
    const flaw = flawOfAnswer(peer.side, spoken[0], answer, isRefused);
    if (flaw !== undefined) this.#blame(peer.side, json, flaw);
  }

  /** Says a last word, by whose answer all before it were dealt with, and looks at what was refused without being asked. */
  async #dismiss({ side, socket, mustBeRefused }: Peer): Promise<void> {
    await socket.ask(side === 'caller' ? '["job:query-info","nobody"]' : '["drone:keep-alive"]');
    if (!socket.isOpen) this.#blame(side, 'what was said on one connection', 'the connection was ended');
    else if (socket.refusals.length < mustBeRefused)
      this.#blame(side, 'what was said on one connection', `${mustBeRefused} had to be refused, ${socket.refusals.length} were`);
    for (const { event, error } of socket.refusals) {
      const flaw = typeof event === 'string' && event.length <= 100 ? flawOf(error) : 'error:invalid without a short name';
      if (flaw !== undefined) this.#blame(side, String(event), flaw);
    }
    socket.close();
  }

  #blame(side: Side, said: string, flaw: string): void {
    if (this.problems.length < 20) this.problems.push(`${side} said ${said.slice(0, 300)}: ${flaw}`);
  }
}

/** The message as it speaks of jobs of this round; that of a drone of those it was handed, under their leases. */
function aboutJobs(json: string, round: number, { assigned }: RawSocket): string {
  if (assigned.length === 0) return json.replaceAll(/job\.(\d)/g, `r${round}.$1`);
  const held = (digit: string) => assigned[Number(digit) % assigned.length];
  const first = /job\.(\d)/.exec(json)?.[1] ?? '0';
  return json
    .replaceAll(/job\.(\d)/g, (_, digit: string) => held(digit)?.id ?? '')
    .replaceAll(String(LEASE), String(held(first)?.lease ?? LEASE));
}

/** No schema looks deeper than this. */
const DEEP = 20;

/** The message as it is decoded, for the schemas to judge. */
function withBytes(value: unknown, attachments: readonly Uint8Array[], depth = 0): unknown {
  if (attachments.length === 0 || typeof value !== 'object' || value === null || depth === DEEP) return value;
  if (Array.isArray(value)) return value.map((each) => withBytes(each, attachments, depth + 1));
  const { _placeholder, num } = value as { _placeholder?: unknown; num?: unknown };
  if (_placeholder === true) return attachments[Number(num)];
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withBytes(inner, attachments, depth + 1)]));
}

function flawOfAnswer(side: Side, event: unknown, answer: unknown, mustBeRefused: boolean): string | undefined {
  if (!Array.isArray(answer)) return 'no answer: the connection was ended';
  const [body] = answer as unknown[];
  if (typeof body === 'object' && body !== null && 'error' in body && Object.keys(body).length === 1) return flawOf(body.error);
  if (mustBeRefused) return `was taken: ${JSON.stringify(answer).slice(0, 300)}`;
  const parsed = answerTo(side, event).safeParse(body);
  return parsed.success
    ? undefined
    : `answered with something else: ${JSON.stringify(answer).slice(0, 300)} ${parsed.error.message.slice(0, 300)}`;
}
