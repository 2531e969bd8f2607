import {
  ArchiveQuery,
  ArtifactPage,
  ArtifactPath,
  ArtifactSearch,
  ArtifactsAnswer,
  ArtifactsQuery,
  CacheParams,
  CacheQuery,
  JobId,
} from '@skep/protocol';
import type { ArtifactRecord } from '@skep/store';
import { z } from 'zod';
import { artifactInfoOf } from '../../artifacts/Artifacts.js';
import { tarOf, zipOf } from '../../artifacts/archive.js';
import { contentAnswer } from '../contentAnswer.js';
import { contentHeaders } from '../contentHeaders.js';
import type { HttpDeps } from '../HttpDeps.js';
import { type Answer, type RouteRequest, route } from '../route.js';

const params = z.object({ id: JobId });
const path = z
  .array(z.string())
  .transform((parts) => parts.join('/'))
  .pipe(ArtifactPath);
const Said = z.union([z.literal(['', '1', 'true', 'yes']).transform(() => true), z.literal(['0', 'false', 'no']).transform(() => false)]);
const FileQuery = ArtifactsQuery.extend({
  download: Said.default(false).describe('Have a browser keep it, where it would show it.'),
  redirect: Said.default(true).describe('`no`: have it from the queen, also where she would lead to the store of artifacts itself.'),
});

export const listArtifacts = route({
  method: 'get',
  takesTickets: true,
  path: '/api/jobs/:id/artifacts',
  summary: 'The artifacts of a job, by path: those of its latest attempt, or of another.',
  scope: 'drone',
  params,
  query: ArtifactsQuery,
  answer: { status: 200, schema: ArtifactsAnswer },
  async handle({ params, query, holder }, { artifacts }) {
    await artifacts.checkReader(holder, params.id);
    return { json: { artifacts: (await artifacts.list(params.id, query.attempt)).map(artifactInfoOf) } };
  },
});

export const showArtifact = route({
  method: 'get',
  takesTickets: true,
  takesLinks: true,
  path: '/api/jobs/:id/artifacts/*path',
  summary: 'One artifact, with `ETag` and in ranges; safe to open in a browser.',
  scope: 'drone',
  params: params.extend({ path }),
  query: FileQuery,
  answer: { status: 200, type: 'application/octet-stream' },
  async handle(request, deps) {
    const { params, query, holder } = request;
    await deps.artifacts.checkReader(holder, params.id);
    return fileAnswer(request, deps, await deps.artifacts.find(params.id, params.path, query.attempt));
  },
});

export const showLatestArtifact = route({
  method: 'get',
  takesLinks: true,
  path: '/api/projects/:project/latest/*path',
  summary: 'The artifact of this path of the newest job of a project that passed with one; `X-Skep-Job` names the job.',
  scope: 'drone',
  params: z.object({ project: z.string().min(1).max(500), path }),
  query: FileQuery.omit({ attempt: true }),
  answer: { status: 200, type: 'application/octet-stream' },
  async handle(request, deps) {
    const record = await deps.artifacts.latest(request.params.project, request.params.path);
    return fileAnswer(request, deps, record, { 'X-Skep-Job': record.jobId });
  },
});

export const findArtifacts = route({
  method: 'get',
  path: '/api/artifacts',
  summary: 'Artifacts of all jobs, by content, project, path and kind, those of the newest attempt first, a page at a time.',
  scope: 'admin',
  query: ArtifactSearch,
  answer: { status: 200, schema: ArtifactPage },
  async handle({ query }, { artifacts }) {
    return { json: await artifacts.page(query) };
  },
});

export const showTarball = archiveRoute('tar.gz', 'application/gzip', tarOf);
export const showZip = archiveRoute('zip', 'application/zip', zipOf);

export const showCache = route({
  method: 'get',
  takesTickets: true,
  path: '/api/caches/:key',
  summary:
    'The cache of this key; else the newest whose key begins with the first `prefix` that any begins with. `X-Skep-Cache-Key` says which, `ETag` its digest.',
  scope: 'drone',
  params: CacheParams,
  query: CacheQuery.extend({ redirect: FileQuery.shape.redirect }),
  answer: { status: 200, type: 'application/octet-stream' },
  async handle(request, { artifacts, contents }) {
    const { project = '', prefix, redirect } = request.query;
    await artifacts.checkProject(request.holder, project);
    const { key, sha256, size } = await artifacts.cache(project, request.params.key, prefix);
    const { type, disposition, all } = contentHeaders('cache', 'application/octet-stream', true);
    const headers = { ...all, 'X-Skep-Cache-Key': encodeURIComponent(key) };
    const address = redirect ? () => contents.addressOf(sha256, { type, disposition }) : undefined;
    return contentAnswer(request, contents, { sha256, size, headers, address });
  },
});

async function fileAnswer(
  request: RouteRequest<unknown, { download: boolean; redirect: boolean }>,
  { contents }: HttpDeps,
  { path, mediaType, sha256, size }: ArtifactRecord,
  more: Record<string, string> = {},
): Promise<Answer> {
  const { type, disposition, all } = contentHeaders(path, mediaType, request.query.download);
  // What a browser shows comes from here: only the queen can tell it not to run what a job made.
  const mayBeElsewhere = request.query.redirect && disposition.startsWith('attachment');
  const address = mayBeElsewhere ? () => contents.addressOf(sha256, { type, disposition }) : undefined;
  return contentAnswer(request, contents, { sha256, size, headers: { ...all, ...more }, address });
}

function archiveRoute(extension: string, type: string, archive: typeof tarOf) {
  return route({
    method: 'get',
    takesTickets: true,
    takesLinks: true,
    path: `/api/jobs/:id/all.${extension}`,
    summary: `All artifacts of a job, or some of them, as one ${extension}.`,
    scope: 'drone',
    params,
    query: ArchiveQuery,
    answer: { status: 200, type },
    async handle({ params, query, holder }, { artifacts, contents }) {
      await artifacts.checkReader(holder, params.id);
      const records = await artifacts.list(params.id, query.attempt, query.path);
      const { all } = contentHeaders(`${params.id}.${extension}`, type, true);
      return { headers: all, stream: () => archive(records, contents), isLive: false, isGzipped: false };
    },
  });
}
