import { fileURLToPath } from 'node:url';
import { nearest, SkepError } from '@skep/protocol';

export interface S3Address {
  bucket: string;
  /** Before all names in the bucket, without a slash at its ends; empty for none. */
  prefix: string;
  /** That of the AWS configuration if absent. */
  region?: string;
  /** That of AWS if absent. */
  endpoint?: string;
  /** Whether the bucket is said in the path, and not in the name of the host. */
  forcePathStyle: boolean;
  /** Whether who downloads is led to the bucket itself. */
  presign: boolean;
}

/** Where artifacts rest, and whether they are given on. */
export type StoreAddress =
  | { type: 'folder'; folder: string }
  | { type: 's3'; s3: S3Address }
  /** The address without the credentials, which are apart. */
  | { type: 'post'; url: string; authorization?: string };

const s3Options = ['region', 'endpoint', 'forcePathStyle', 'presign'];
const HINT = 'Such as file:///srv/artifacts, s3://bucket/prefix?region=eu-west-1, or https://example.com/inbox.';

/**
 * Reads the address of a store of artifacts: `file:`, `s3:`, `http:` or `https:`. No error repeats what may be a secret of it.
 * @throws INVALID_CONFIG
 */
export function parseStoreAddress(text: string): StoreAddress {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw invalid('it is no address');
  }
  if (url.protocol === 'file:') return { type: 'folder', folder: folderOf(url) };
  if (url.protocol === 's3:') return { type: 's3', s3: s3Of(url) };
  if (url.protocol === 'http:' || url.protocol === 'https:') return postOf(url);
  throw invalid(`${url.protocol}// is not known`);
}

function folderOf(url: URL): string {
  try {
    return fileURLToPath(url);
  } catch {
    throw invalid('a folder is written file:///with/all/of/its/path');
  }
}

function s3Of({ hostname: bucket, pathname, searchParams, username, password }: URL): S3Address {
  if (username !== '' || password !== '')
    throw invalid(
      'credentials do not belong there',
      'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY for the queen, or another source that the AWS SDK knows.',
    );
  if (bucket === '') throw invalid('it names no bucket');
  for (const name of searchParams.keys()) {
    if (s3Options.includes(name)) continue;
    const meant = nearest(name, s3Options);
    throw invalid(`there is no option ${name}`, meant === undefined ? `There are ${s3Options.join(', ')}.` : `Did you mean ${meant}?`);
  }
  const endpoint = searchParams.get('endpoint') ?? undefined;
  if (endpoint !== undefined && !/^https?:\/\/[^/?#@]+\/?$/.test(endpoint))
    throw invalid('its endpoint is no address such as https://minio.example.com:9000');
  // Others than AWS have no regions, but a request must name one.
  const region = searchParams.get('region') ?? (endpoint === undefined ? undefined : 'us-east-1');
  return {
    bucket,
    prefix: decodeURIComponent(pathname).replace(/^\/+|\/+$/g, ''),
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    forcePathStyle: saidIn(searchParams, 'forcePathStyle', endpoint !== undefined),
    presign: saidIn(searchParams, 'presign', true),
  };
}

function postOf(url: URL): StoreAddress {
  const { username, password } = url;
  url.username = '';
  url.password = '';
  if (username === '') return { type: 'post', url: url.href };
  const basic = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  return { type: 'post', url: url.href, authorization: `Basic ${basic}` };
}

function saidIn(options: URLSearchParams, name: string, otherwise: boolean): boolean {
  const said = options.get(name);
  if (said === null) return otherwise;
  if (['true', 'yes', '1', ''].includes(said)) return true;
  if (['false', 'no', '0'].includes(said)) return false;
  throw invalid(`${name} is yes or no`);
}

const invalid = (why: string, hint = HINT): SkepError =>
  new SkepError('INVALID_CONFIG', `The address of the store of artifacts is not valid: ${why}`, { hint });
