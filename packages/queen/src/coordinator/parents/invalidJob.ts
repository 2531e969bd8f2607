import { SkepError } from '@skep/protocol';

/** That a job cannot be as it was given, with the place that is wrong. */
export const invalidJob = (path: string, message: string): SkepError =>
  new SkepError('INVALID_JOB', `The job is not valid: ${path}: ${message}`, { issues: [{ path, message }] });
