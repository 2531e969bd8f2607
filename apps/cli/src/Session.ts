import type { SkepClient } from '@skep/client';
import type { Flags, Loaded } from './config/loadSettings.js';
import type { ColourWish } from './print/paint.js';
import { type Streams, Terminal } from './print/Terminal.js';

export interface SessionOptions extends Streams {
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  color: ColourWish;
  json: boolean;
  quiet: boolean;
  /** Settings that were given as flags. */
  flags: Flags;
  configFile?: string | undefined;
  version: string;
}

/** What a command works with. What is heavy is loaded when it is first asked for. */
export class Session {
  readonly terminal: Terminal;
  readonly env: SessionOptions['env'];
  readonly cwd: string;
  readonly json: boolean;
  readonly version: string;
  readonly #options: SessionOptions;
  #loaded: Promise<Loaded> | undefined;
  #client: SkepClient | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.terminal = new Terminal(options);
    this.env = options.env;
    this.cwd = options.cwd;
    this.json = options.json;
    this.version = options.version;
  }

  /** The settings in force, and where each is from. @throws {SkepError} INVALID_CONFIG */
  settings(): Promise<Loaded> {
    const { flags, env, cwd, configFile } = this.#options;
    this.#loaded ??= import('./config/loadSettings.js').then(({ loadSettings }) => loadSettings({ flags, env, cwd, configFile }));
    return this.#loaded;
  }

  /** A client of the queen that the settings name. */
  async client(deadlineMs: number = CLIENT_DEADLINE_MS): Promise<SkepClient> {
    const { queen, token } = (await this.settings()).settings;
    const { connect } = await import('@skep/client');
    this.#client ??= connect({ url: queen, token, deadlineMs });
    return this.#client;
  }

  /** The same for what the ticket of an attempt opens too: among the commands of a job, it takes the place of a token. */
  async ticketClient(): Promise<SkepClient> {
    const { queen } = (await this.settings()).settings;
    const { connect } = await import('@skep/client');
    const ticket = this.env.SKEP_TICKET;
    if (ticket !== undefined) this.#client ??= connect({ url: queen, token: ticket, deadlineMs: TICKET_DEADLINE_MS });
    return this.client();
  }

  close(): void {
    this.#client?.close();
  }
}

/** Long enough for a queen that is being restarted, short enough for somebody who mistyped its address. */
const CLIENT_DEADLINE_MS = 5000;
/** A job is in no hurry to fail. */
const TICKET_DEADLINE_MS = 5 * 60_000;
