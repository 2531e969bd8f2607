import { SkepError } from '@skep/protocol';

const credentialNames = new Set([
  'AccessDenied',
  'CredentialsProviderError',
  'ExpiredToken',
  'Forbidden',
  'InvalidAccessKeyId',
  'InvalidToken',
  'SignatureDoesNotMatch',
]);
const fullNames = new Set(['QuotaExceeded', 'QuotaExceededException', 'StorageFull', 'XMinioStorageFull', 'InsufficientStorage']);

/** What the SDK throws, as far as it is read. */
interface Thrown {
  name?: string;
  code?: string;
  message?: string;
  $metadata?: { httpStatusCode?: number };
}

const statusOf = (thrown: unknown): number | undefined => (thrown as Thrown).$metadata?.httpStatusCode;

/** Whether there is no such object, as far as the answer tells. */
export const isMissingObject = (thrown: unknown): boolean =>
  (thrown as Thrown).name === 'NoSuchKey' || (statusOf(thrown) === 404 && (thrown as Thrown).name !== 'NoSuchBucket');

/** Whether the other side does not know how to do what was asked. */
export const isUnsupported = (thrown: unknown): boolean =>
  (thrown as Thrown).name === 'NotImplemented' || [405, 501].includes(statusOf(thrown) ?? 0);

/**
 * What went wrong with a bucket, by our names.
 * @param place bucket and endpoint, as people write them
 */
export function s3Error(thrown: unknown, bucket: string, place: string): SkepError {
  if (thrown instanceof SkepError) return thrown;
  const { name = '', message = '' } = thrown as Thrown;
  const status = statusOf(thrown);
  const failed = (code: 'ARTIFACT_STORE_FAILED' | 'ARTIFACT_STORE_UNREACHABLE' | 'STORE_FULL', what: string, hint?: string): SkepError =>
    new SkepError(code, what, { cause: thrown, ...(hint !== undefined && { hint }) });
  if (name === 'NoSuchBucket')
    return failed(
      'ARTIFACT_STORE_FAILED',
      `There is no bucket at ${place}`,
      `Make the bucket ${bucket}, or give another with --artifacts.`,
    );
  if (status === 401 || status === 403 || credentialNames.has(name))
    return failed(
      'ARTIFACT_STORE_FAILED',
      `The store of artifacts at ${place} does not let this queen in`,
      'Give the queen AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or another source that the AWS SDK knows, and let them read, write, list and delete there.',
    );
  if (status === 507 || fullNames.has(name))
    return failed('STORE_FULL', `There is no room for artifacts at ${place}`, 'Make room there; uploads go on from where they are.');
  if (/[Rr]egion/.test(message) && status === undefined)
    return failed('ARTIFACT_STORE_FAILED', `The region of ${place} is not known`, 'Add ?region=NAME to --artifacts, or set AWS_REGION.');
  // Without a status nothing was answered, or not to its end.
  if (status === undefined || status >= 500 || status === 429)
    return failed('ARTIFACT_STORE_UNREACHABLE', `The store of artifacts at ${place} does not answer`);
  return failed('ARTIFACT_STORE_FAILED', `The store of artifacts at ${place} could not do what was asked: ${message || name}`);
}
