import * as z from 'zod';
import { AttemptNumber, JobId, LeaseNumber, Outcome, Timestamp } from './vocabulary.js';

const Bytes = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Where an artifact lies below the workspace; always with `/`, on every platform. */
export const ArtifactPath = z
  .string()
  .min(1)
  .max(1024)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
  .regex(/^[^\u0000-\u001f\u007f]*$/, 'must have no control characters')
  .regex(/^[^\\]*$/, 'must be written with / and have no \\')
  .regex(/^(?![A-Za-z]:)/, 'must be relative, without the letter of a drive')
  .regex(/^[^/]/, 'must be relative, without a / at its beginning')
  .refine(
    (path) => !path.split('/').some((part) => part === '..' || part === '.' || part === ''),
    'must have no empty part, no . and no ..',
  )
  .meta({ id: 'ArtifactPath', description: 'A relative path with `/`, without `..`: where the artifact lay in the workspace.' });

export const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in 64 small hexadecimal digits')
  .meta({ id: 'Sha256', description: 'SHA-256 in 64 small hexadecimal digits.' });

const MediaType = z.string().regex(/^[\w.+-]{1,100}\/[\w.+-]{1,100}(; ?charset=[\w-]{1,40})?$/, 'must be a media type such as text/plain');

/** A file that a job left behind, as the drone that holds the job's lease announces it. */
export const ArtifactBody = z
  .object({
    attempt: AttemptNumber,
    lease: LeaseNumber,
    path: ArtifactPath,
    size: Bytes,
    mode: z.number().int().min(0).max(0o777).default(0o644).describe('The permissions of the file, as a number.'),
    mediaType: MediaType.optional().describe('Told from the path if absent.'),
    sha256: Sha256,
  })
  .meta({ id: 'ArtifactBody', description: 'An artifact that is to be uploaded.' });
export type ArtifactBody = z.infer<typeof ArtifactBody>;

/** How an upload stands. */
export const UploadAnswer = z
  .object({
    upload: z.string().nullable().describe('Where to send the bytes: `/api/uploads/UPLOAD`; null once all is stored.'),
    offset: Bytes.describe('Bytes that the queen has; go on from there.'),
    size: Bytes,
    stored: z.boolean().describe('Whether all is there, checked and durable; the upload is over then.'),
  })
  .meta({ id: 'UploadAnswer', description: 'How an upload stands.' });
export type UploadAnswer = z.infer<typeof UploadAnswer>;

/** A file that a job left behind. */
export const ArtifactInfo = z
  .object({
    job: JobId,
    attempt: AttemptNumber,
    path: ArtifactPath,
    size: Bytes,
    mode: z.number().int(),
    mediaType: z.string(),
    sha256: Sha256,
    created: Timestamp,
  })
  .meta({ id: 'ArtifactInfo', description: 'A file that a job left behind.' });
export type ArtifactInfo = z.infer<typeof ArtifactInfo>;

/** What a file is, as far as its media type says. */
export const ArtifactKind = z.enum(['html', 'image', 'json', 'xml', 'text', 'archive', 'other']).meta({ id: 'ArtifactKind' });
export type ArtifactKind = z.infer<typeof ArtifactKind>;

const forms: Record<Exclude<ArtifactKind, 'other'>, RegExp> = {
  html: /^(text\/html|application\/xhtml\+xml)\b/,
  image: /^image\//,
  json: /^application\/([\w.-]+\+)?json\b/,
  xml: /^(text|application)\/(?!xhtml)([\w.-]+\+)?xml\b/,
  archive: /^application\/(zip|gzip|x-(tar|gzip|bzip2?|xz|7z-compressed|compressed)|java-archive|zstd|vnd\.(rar|debian\.binary-package))\b/,
  text: /^text\/(?!(html|([\w.-]+\+)?xml)\b)|^application\/(javascript|x-(sh|ndjson|yaml)|yaml|toml|sql)\b/,
};
const anyForm = Object.values(forms)
  .map(({ source }) => source)
  .join('|');

/** The media types of a kind; each is of one kind alone. */
export const formOfKind = (kind: ArtifactKind): RegExp => (kind === 'other' ? new RegExp(`^(?!${anyForm})`) : forms[kind]);

export const artifactKindOf = (mediaType: string): ArtifactKind =>
  ArtifactKind.options.find((kind) => formOfKind(kind).test(mediaType)) ?? 'other';

export const ArtifactsQuery = z
  .object({ attempt: z.coerce.number().int().min(1).optional().describe('The latest if absent.') })
  .meta({ id: 'ArtifactsQuery' });
/** Which artifacts of a job make an archive. */
export const ArchiveQuery = ArtifactsQuery.extend({
  path: z
    .union([z.string().transform((path) => [path]), z.array(z.string()).max(200)])
    .default([])
    .describe('Only this artifact, or with a `/` at its end all in this folder; said once for each, at most 200 times.'),
}).meta({ id: 'ArchiveQuery' });
export const ArtifactsAnswer = z
  .object({ artifacts: z.array(ArtifactInfo) })
  .meta({ id: 'ArtifactsAnswer', description: 'Artifacts, by path.' });
export type ArtifactsAnswer = z.infer<typeof ArtifactsAnswer>;
/** Which artifacts to list, of all jobs: those of the newest attempt first, a page at a time. */
export const ArtifactSearch = z
  .object({
    sha256: Sha256.optional().describe('Their content.'),
    project: z.string().max(500).optional(),
    path: z.string().max(1024).optional().describe('What their path has in it; small and capital letters are alike.'),
    kind: ArtifactKind.optional(),
    before: z.string().max(1100).optional().describe('The `next` of the page before.'),
    limit: z.coerce.number().int().min(1).max(500).default(50),
  })
  .meta({ id: 'ArtifactSearch', description: 'Which artifacts to list, those of the newest attempt first.' });
export type ArtifactSearch = z.infer<typeof ArtifactSearch>;

/** A page of artifacts of all jobs. */
export const ArtifactPage = z
  .object({
    artifacts: z.array(ArtifactInfo.extend({ project: z.string().nullable() })),
    next: z
      .string()
      .nullable()
      .describe('Leads to the next page. One page looks at no more than 5,000 artifacts: it may be empty and yet lead to others.'),
  })
  .meta({ id: 'ArtifactPage', description: 'A page of artifacts.' });
export type ArtifactPage = z.infer<typeof ArtifactPage>;

/** An address that is to be opened without a token. */
export const LinkBody = z
  .object({
    address: z
      .string()
      .max(8000)
      .regex(/^\/api\/(jobs|projects)\/[^\s#]+$/, 'must be a path of this queen that begins with /api/jobs/ or /api/projects/'),
  })
  .meta({ id: 'LinkBody' });
export const LinkAnswer = z
  .object({ address: z.string().describe('A path of this queen.'), until: Timestamp.describe('When it ceases to lead anywhere.') })
  .meta({ id: 'LinkAnswer', description: 'An address that whoever has it may read for some minutes, without a token.' });
export type LinkAnswer = z.infer<typeof LinkAnswer>;

const CacheKey = z
  .string()
  .min(1)
  .max(500)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
  .regex(/^[^\u0000-\u001f\u007f]*$/, 'must have no control characters');
const Project = z.string().max(500);

/** A packed cache, as a drone announces it. A key that is there already gets the new content. */
export const CacheBody = z
  .object({
    project: Project.optional().describe('Caches of one project are not seen by another.'),
    key: CacheKey,
    size: Bytes,
    sha256: Sha256,
  })
  .meta({ id: 'CacheBody', description: 'A cache that is to be uploaded.' });
export type CacheBody = z.infer<typeof CacheBody>;

export const CacheParams = z.object({ key: CacheKey });
export const CacheQuery = z
  .object({
    project: Project.optional(),
    prefix: z
      .union([CacheKey.transform((prefix) => [prefix]), z.array(CacheKey).max(20)])
      .default([])
      .describe('What its key may begin with where there is none of this key: the first prefix that any begins with; said once for each.'),
  })
  .meta({ id: 'CacheQuery', description: 'Which cache.' });

/** How long the jobs of one kind are kept; each bound that is given holds. */
const Keep = z
  .object({
    days: z.number().positive().optional().describe('Days since the end of the job.'),
    jobs: z.number().int().min(0).optional().describe('How many jobs, the newest.'),
    bytes: Bytes.optional().describe('Bytes of their output and artifacts together, the newest jobs first.'),
  })
  .strict();
const KeepBoth = z.object({ passed: Keep.optional(), failed: Keep.optional().describe('All that did not pass.') }).strict();

/** What is kept, and how long; all of it where nothing is said. */
export const Retention = z
  .object({
    ...KeepBoth.shape,
    projects: z.record(z.string().max(500), KeepBoth).optional().describe('Bounds of one project, in place of those for all.'),
    caches: Keep.pick({ days: true })
      .extend({ bytes: Bytes.optional().describe('Bytes of all caches, those used last first.') })
      .strict()
      .optional()
      .describe('Caches that nobody used; 30 days if absent.'),
  })
  .strict()
  .meta({ id: 'Retention', description: 'What is kept, and how long; every bound is for each project by itself.' });
export type Retention = z.infer<typeof Retention>;

/** A job that retention would remove, or has removed. */
export const RetiredJob = z
  .object({
    job: JobId,
    project: z.string().nullable(),
    outcome: Outcome.nullable(),
    finished: Timestamp,
    bytes: Bytes.describe('Of its output and artifacts.'),
    because: z.enum(['days', 'jobs', 'bytes']).describe('The bound that it is beyond.'),
  })
  .meta({ id: 'RetiredJob', description: 'A job beyond a bound of retention.' });
export type RetiredJob = z.infer<typeof RetiredJob>;

export const RetentionAnswer = z
  .object({
    retention: Retention,
    jobs: z.array(RetiredJob).describe('The first 1000 of them, newest first.'),
    count: z.number().int().min(0),
    bytes: Bytes,
  })
  .meta({ id: 'RetentionAnswer', description: 'What retention removes.' });
export type RetentionAnswer = z.infer<typeof RetentionAnswer>;
