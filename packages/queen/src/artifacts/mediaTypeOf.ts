import { lookup } from 'mime-types';

// Files of builds that the registry knows under another name, or not at all.
const ownTypes: Readonly<Record<string, string>> = { ts: 'text/plain', log: 'text/plain', lock: 'text/plain', tap: 'text/plain' };

/** The media type of a file, told from its name. */
export function mediaTypeOf(path: string): string {
  const extension = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  return ownTypes[extension] ?? (lookup(path) || 'application/octet-stream');
}
