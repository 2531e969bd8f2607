import { MASK } from '@skep/protocol';
import type { SettingName } from './settings.js';

/** What an address of a store of artifacts may say that is no secret. */
const plainOptions = new Set(['region', 'endpoint', 'forcePathStyle', 'presign']);

/** A setting as it may be seen on a screen. */
export function withoutSecrets(name: SettingName, value: unknown): unknown {
  if (value === undefined) return value;
  if (name === 'token') return MASK;
  return name === 'artifacts' ? maskedAddress(String(value)) : value;
}

function maskedAddress(address: string): string {
  if (!URL.canParse(address)) return MASK;
  const url = new URL(address);
  const user = url.username === '' && url.password === '' ? '' : `${MASK}@`;
  const options = [...url.searchParams].map(([key, value]) => `${key}=${plainOptions.has(key) ? value : MASK}`);
  return `${url.protocol}//${user}${url.host}${url.pathname}${options.length > 0 ? `?${options.join('&')}` : ''}`;
}
