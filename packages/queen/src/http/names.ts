import { isIP } from 'node:net';
import { SkepError } from '@skep/protocol';

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const WILDCARD = ['0.0.0.0', '::', '[::]'];

/** By which names the queen may be reached, and from which pages. */
export interface Names {
  check(visitor: { host: string | undefined; origin: string | undefined }): void;
  isConfiguredOrigin(origin: string): boolean;
}

/**
 * Keeps web pages of elsewhere away: those that fetch from the queen are told by their `Origin`, and those that made
 * their own name point at the queen's address (DNS rebinding) by their `Host`.
 */
export function createNames(options: { host: string; hosts: readonly string[]; origins: readonly string[] }): Names {
  const hosts = new Set([...LOOPBACK, options.host, ...options.hosts].map(hostKey));
  const origins = new Set(options.origins.map(originKey));
  // Who listens on every address may be reached by each of them; an address, unlike a name, cannot be made to point elsewhere.
  const anyAddress = WILDCARD.includes(options.host);
  const isOwnHost = (name: string): boolean => hosts.has(name) || (anyAddress && isIP(name.replace(/^\[|\]$/g, '')) !== 0);

  return {
    isConfiguredOrigin: (origin) => origins.has(originKey(origin)),

    check({ host, origin }) {
      const name = host === undefined ? undefined : nameIn(host);
      if (host === undefined || name === undefined || !isOwnHost(name))
        throw new SkepError('HOST_REFUSED', `The queen is not called ${quoted(host ?? '')}`);
      if (origin === undefined || origins.has(originKey(origin))) return;
      if (hostOfOrigin(origin) !== hostWithPort(host))
        throw new SkepError('ORIGIN_REFUSED', `Pages of ${quoted(origin)} may not speak to this queen`);
    },
  };
}

/** A name as it stands in the `Host` header: lower case, IPv6 in brackets. */
const hostKey = (name: string): string => (isIP(name) === 6 ? `[${name}]` : name).toLowerCase();

/** The name in a `Host` header, without its port; undefined if it has no such form. */
const nameIn = (host: string): string | undefined => /^(\[[0-9a-f:.]+\]|[^:[\]/@\s]+)(:\d{1,5})?$/i.exec(host)?.[1]?.toLowerCase();

const hostWithPort = (host: string): string => host.toLowerCase().replace(/:(80|443)$/, '');

/** The host and port of an origin; undefined where it names none, as `null` does. */
function hostOfOrigin(origin: string): string | undefined {
  const host = URL.canParse(origin) ? new URL(origin).host : '';
  return host === '' ? undefined : hostWithPort(host);
}

const originKey = (origin: string): string => origin.toLowerCase().replace(/\/$/, '');

const quoted = (text: string): string => JSON.stringify(text.slice(0, 200));
