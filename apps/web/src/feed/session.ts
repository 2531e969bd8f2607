import { connect, type SkepClient } from '@skep/client';
import { SkepError } from '@skep/protocol';
import { queenUrl } from '../base.js';

const TOKEN_KEY = 'skep-token';

/** The token of this browser; undefined where none was given, or none is needed. */
export function savedToken(): string | undefined {
  try {
    return localStorage.getItem(TOKEN_KEY) ?? undefined;
  } catch {
    // Storage that is switched off: the token is asked for again.
    return undefined;
  }
}

export function saveToken(token: string | undefined): void {
  try {
    if (token === undefined) localStorage.removeItem(TOKEN_KEY);
    else localStorage.setItem(TOKEN_KEY, token);
  } catch {
    // As above.
  }
}

/** A client of the queen that served this page. */
export const openClient = (token: string | undefined): SkepClient => connect({ url: queenUrl, token });

/** Whether somebody has to say who they are before anything else can be done. */
export const needsToken = (error: unknown): boolean =>
  error instanceof SkepError && (error.code === 'UNAUTHENTICATED' || error.code === 'FORBIDDEN');

/** The version of the queen that answers now. */
export async function queenVersion(): Promise<string> {
  const answer = await fetch(`${queenUrl}/healthz`, { cache: 'no-store' });
  if (!answer.ok) throw new SkepError('QUEEN_UNREACHABLE', 'The queen does not answer');
  const health: unknown = await answer.json();
  return typeof health === 'object' && health !== null && 'version' in health ? String(health.version) : '';
}
