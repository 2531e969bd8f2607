import { createHash, randomBytes } from 'node:crypto';
import { SkepError, TICKET_PREFIX, type TokenAnswer, type TokenInfo, type TokenScope } from '@skep/protocol';
import type { Store, TokenRecord } from '@skep/store';
import type { TicketHolder, Tickets } from '../tickets.js';
import { createNames } from './names.js';

const SECRET_BYTES = 32;

/** What a request or a handshake says of who makes it. */
export interface Visitor {
  host: string | undefined;
  origin: string | undefined;
  token: string | undefined;
}

export interface AccessOptions {
  store: Pick<Store, 'tokens' | 'commit'>;
  /** The address that the queen listens on. */
  host: string;
  /** Names beside `host` and the loopback names under which the queen may be reached. */
  hosts: readonly string[];
  /** Origins beside the queen's own whose pages may speak to it, such as `https://ci.example.org`. */
  origins: readonly string[];
  /** Whether callers and drones need a token; they do not on loopback. */
  tokenRequired: boolean;
  tickets: Pick<Tickets, 'read'>;
  now: () => number;
}

/** Who may speak to the queen, over HTTP and over sockets. */
export interface Access {
  /** Whether the visitor came by a name of the queen, and not from a foreign page. @throws HOST_REFUSED, ORIGIN_REFUSED */
  checkName(visitor: Pick<Visitor, 'host' | 'origin'>): void;
  /**
   * Whether the visitor may do what needs this scope.
   * @returns the name of the token that opened; undefined where none is needed
   * @throws HOST_REFUSED, ORIGIN_REFUSED, UNAUTHENTICATED, FORBIDDEN
   */
  check(visitor: Visitor & { scope: TokenScope }): string | undefined;
  /**
   * The same for what the attempts of drones may do too: who shows a ticket is told by it, also where no token is needed.
   * @throws HOST_REFUSED, ORIGIN_REFUSED, UNAUTHENTICATED, FORBIDDEN
   */
  checkTicket(visitor: Visitor & { scope: TokenScope }): TicketHolder | undefined;
  /** Whether this is one of the configured origins, whose pages may read the answers. */
  isConfiguredOrigin(origin: string): boolean;
  /** Makes the admin token of a queen that needs one and has none; undefined otherwise. It is never shown again. */
  ensureAdminToken(): Promise<string | undefined>;
  /** All tokens by name, without their secrets. */
  tokens(): TokenInfo[];
  /** Makes a token. Resolved when it is durable. @throws TOKEN_EXISTS */
  addToken(name: string, scope: TokenScope): Promise<TokenAnswer>;
  /** Takes a token back: from now on it opens nothing, and what it opened is closed. @throws TOKEN_NOT_FOUND */
  dropToken(name: string): Promise<void>;
  /** Called with the name of each token that is taken back, to close what it opened. */
  onTokenDropped(listener: (name: string) => void): void;
}

/** Reads the tokens that there are, and keeps them in memory. */
export async function createAccess({ store, host, hosts, origins, tokenRequired, tickets, now }: AccessOptions): Promise<Access> {
  const names = createNames({ host, hosts, origins });
  const byName = new Map<string, TokenRecord>();
  // The hash of a wrong token says nothing of how near it came, so looking it up takes no telling time.
  const bySha256 = new Map<string, TokenRecord>();
  const keep = (record: TokenRecord): void => {
    byName.set(record.name, record);
    bySha256.set(record.sha256, record);
  };
  for (const record of await store.tokens()) keep(record);
  const listeners: ((name: string) => void)[] = [];

  const access: Access = {
    checkName: names.check,
    isConfiguredOrigin: names.isConfiguredOrigin,

    check({ scope, token, ...visitor }) {
      names.check(visitor);
      if (!tokenRequired) return undefined;
      if (token === undefined) throw new SkepError('UNAUTHENTICATED', 'No token was given');
      if (token.startsWith(TICKET_PREFIX))
        throw new SkepError('FORBIDDEN', 'The ticket of an attempt opens its artifacts and caches, and nothing else');
      const known = bySha256.get(sha256Of(token));
      if (!known) throw new SkepError('UNAUTHENTICATED', 'The queen does not know this token');
      if (known.scope !== 'admin' && known.scope !== scope)
        throw new SkepError('FORBIDDEN', `The token ${known.name} is of scope ${known.scope}; this needs ${scope}`);
      return known.name;
    },

    checkTicket(visitor) {
      if (!visitor.token?.startsWith(TICKET_PREFIX)) return void access.check(visitor);
      names.check(visitor);
      const holder = tickets.read(visitor.token);
      if (!holder) throw new SkepError('UNAUTHENTICATED', 'The queen did not give this ticket');
      return holder;
    },

    async ensureAdminToken() {
      if (!tokenRequired || [...byName.values()].some(({ scope }) => scope === 'admin')) return undefined;
      const name = byName.has('admin') ? `admin-${now()}` : 'admin';
      return (await access.addToken(name, 'admin')).token;
    },

    tokens: () =>
      [...byName.values()]
        .map(({ name, scope, createdAt }) => ({ name, scope, created: createdAt }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),

    async addToken(name, scope) {
      if (byName.has(name)) throw new SkepError('TOKEN_EXISTS', `There is a token named ${name} already`);
      const token = `skep_${randomBytes(SECRET_BYTES).toString('base64url')}`;
      const record = { name, scope, sha256: sha256Of(token), createdAt: now() };
      // The name is taken before the commit, so that of two at once only one is made.
      byName.set(name, record);
      try {
        await store.commit([{ type: 'token', record }]);
      } catch (error) {
        byName.delete(name);
        throw error;
      }
      keep(record);
      return { name, scope, token };
    },

    async dropToken(name) {
      const record = byName.get(name);
      if (!record) throw new SkepError('TOKEN_NOT_FOUND', `There is no token named ${name}`);
      await store.commit([{ type: 'drop-token', name }]);
      byName.delete(name);
      bySha256.delete(record.sha256);
      for (const listener of listeners) listener(name);
    },

    onTokenDropped(listener) {
      listeners.push(listener);
    },
  };
  return access;
}

const sha256Of = (token: string): string => createHash('sha256').update(token).digest('hex');

/** The token of an `Authorization: Bearer` header; undefined if there is none. */
export const bearerToken = (authorization: string | undefined): string | undefined => /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
