import { connect } from '@skep/client';
import { SkepError, type TokenScope } from '@skep/protocol';

const DEADLINE_MS = 5000;

/**
 * What a token opens at a queen, or what is open without one.
 * @returns undefined if she asks for another
 * @throws {SkepError} QUEEN_UNREACHABLE and the like
 */
export async function scopeOf(url: string, token: string | undefined): Promise<TokenScope | undefined> {
  const client = connect({ url, token, deadlineMs: DEADLINE_MS });
  try {
    await client.drones();
    return 'admin';
  } catch (error) {
    if (error instanceof SkepError && error.code === 'FORBIDDEN') return 'drone';
    if (error instanceof SkepError && error.code === 'UNAUTHENTICATED') return undefined;
    throw error;
  } finally {
    client.close();
  }
}
