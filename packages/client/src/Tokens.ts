import { parseAs, TokenAnswer, type TokenInfo, type TokenScope, TokensAnswer } from '@skep/protocol';
import type { Http } from './Http.js';

/** A token that was just made; its secret is shown this once. */
export type NewToken = Pick<TokenInfo, 'name' | 'scope'> & { token: string };

/** What opens a queen that asks for tokens. Errors are SkepErrors. */
export class Tokens {
  constructor(private readonly http: Http) {}

  /** All of them, without their secrets. */
  async list(): Promise<TokenInfo[]> {
    return parseAs(TokensAnswer, await this.http.json('GET', '/api/tokens'), 'The list of tokens').tokens;
  }

  /** Makes a token; what is answered shows it for the only time. @throws {SkepError} TOKEN_EXISTS */
  async add(name: string, scope: TokenScope): Promise<NewToken> {
    return parseAs(TokenAnswer, await this.http.json('POST', '/api/tokens', { body: { name, scope } }), 'The token');
  }

  /** Takes a token back: from now on it opens nothing, and what it opened is closed. @throws {SkepError} TOKEN_NOT_FOUND */
  async remove(name: string): Promise<void> {
    await this.http.json('DELETE', `/api/tokens/${encodeURIComponent(name)}`, { repeatable: true });
  }
}
