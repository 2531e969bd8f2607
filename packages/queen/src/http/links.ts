import type { LinkAnswer } from '@skep/protocol';
import type { Seals } from '../seals.js';

/** How long a link leads anywhere, in ms: long enough to begin a download, too short to be handed on. */
const LINK_MS = 5 * 60_000;

/** Addresses that whoever has them may read for some minutes, without a token: a browser that saves a file or fills a frame cannot show one. */
export interface Links {
  /** @param address a path of the queen with its query, such as `/api/jobs/J/artifacts/log` */
  to(address: string): LinkAnswer;
  /** Whether this address, as it was asked for, is such a link that still leads somewhere. */
  isOpen(address: string): boolean;
}

export function createLinks(seals: Seals, now: () => number): Links {
  return {
    to(address) {
      const until = now() + LINK_MS;
      const link = `${address}${address.includes('?') ? '&' : '?'}until=${until}`;
      return { address: `${link}&seal=${seals.of(meaningOf(link))}`, until };
    },

    isOpen(address) {
      const [, link, seal] = /^(.+)&seal=([\w-]+)$/.exec(address) ?? [];
      const until = Number(/[?&]until=(\d{1,16})$/.exec(link ?? '')?.[1]);
      return link !== undefined && seal !== undefined && until > now() && seals.isOf(seal, meaningOf(link));
    },
  };
}

/** What is sealed. A proxy on the way may write the same address in another way. */
function meaningOf(link: string): string {
  const { pathname, searchParams } = new URL(link, 'http://queen');
  return JSON.stringify(['link', unescaped(pathname), ...searchParams]);
}

function unescaped(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // No address of ours: the router refuses it.
    return path;
  }
}
