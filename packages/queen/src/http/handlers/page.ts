import { JobId, ProjectName, SkepError } from '@skep/protocol';
import { z } from 'zod';
import type { HttpDeps } from '../HttpDeps.js';
import type { WebFile } from '../page/WebFiles.js';
import { type Answer, type Route, type RouteRequest, route } from '../route.js';
import { showOutput } from './output.js';

const INDEX = 'index.html';
/** Files whose names change with what is in them. */
const forever = { 'Cache-Control': 'public, max-age=31536000, immutable' };

const noPages = `This queen serves no pages: it was started as a library, without \`webDir\`.
Its API is described at /api/openapi.json.
`;

// Public: a page holds nothing, and asks with the token of whoever looks at it.
const page = (path: string, summary: string, params?: z.ZodObject): Route =>
  route({
    method: 'get',
    path,
    summary,
    scope: 'public',
    ...(params && { params }),
    answer: { status: 200, type: 'text/html' },
    handle({ path, acceptsGzip }, { web }) {
      const index = web.get(INDEX);
      if (!index) return { headers: { 'Content-Type': 'text/plain; charset=utf-8' }, text: noPages };
      return fileAnswer({ type: index.type, bytes: linkedFrom(path, index.bytes) }, acceptsGzip);
    },
  });

const files = (folder: string, summary: string, headers: Record<string, string>): Route =>
  route({
    method: 'get',
    path: `/${folder}/:file`,
    summary,
    scope: 'public',
    params: z.object({ file: z.string().max(200) }),
    answer: { status: 200, type: 'application/octet-stream' },
    handle: ({ params, acceptsGzip }: RouteRequest<{ file: string }>, { web }) =>
      fileAnswer(fileNamed(`${folder}/${params.file}`, web), acceptsGzip, headers),
  });

function fileNamed(name: string, web: HttpDeps['web']): WebFile {
  const file = web.get(name);
  if (!file) throw new SkepError('ROUTE_NOT_FOUND', `Nothing is served at /${name}`);
  return file;
}

/**
 * The page with links to its files that are right at this path. They are relative: a proxy may serve the queen below any
 * path of its own, and neither of them has to know.
 */
function linkedFrom(path: string, page: Uint8Array): Uint8Array {
  const up = '../'.repeat(path.split('/').length - 2) || './';
  return Buffer.from(
    Buffer.from(page)
      .toString()
      .replaceAll(/\b(src|href)="\.\//g, `$1="${up}`),
  );
}

function fileAnswer(file: WebFile, isGzipped: boolean, headers: Record<string, string> = {}): Answer {
  return {
    headers: { ...headers, 'Content-Type': file.type, Vary: 'Accept-Encoding' },
    async *stream() {
      yield file.bytes;
    },
    isLive: false,
    isGzipped,
  };
}

const ofJob = z.object({ id: JobId });
const ofDrone = z.object({ id: z.string().min(1).max(200) });

/** Every address that people open; the script of the page shows what belongs to it. */
export const pages: readonly Route[] = [
  page('/', 'What runs, what waits and who works, for people.'),
  page('/jobs', 'All jobs, for people.'),
  page('/jobs/new', 'A form for a new job.'),
  page('/jobs/:id', 'A job and its live output, for people.', ofJob),
  page('/jobs/:id/attempts/:attempt', 'One attempt at a job.', z.object({ id: JobId, attempt: z.string().regex(/^\d{1,7}$/) })),
  page('/projects', 'All projects, for people.'),
  page('/projects/:name', 'A project, for people.', z.object({ name: ProjectName })),
  page('/artifacts', 'What jobs left behind, for people.'),
  page('/compare', 'Two jobs side by side.'),
  page('/drones', 'All drones, for people.'),
  page('/drones/:id', 'A drone, for people.', ofDrone),
  page('/schedules', 'What runs by itself, for people.'),
  page('/schedules/:name', 'A schedule, for people.', z.object({ name: z.string().max(100) })),
  page('/settings', 'Tokens and the state of the queen, for people.'),
  page('/settings/:part', 'A part of the settings.', z.object({ part: z.string().max(50) })),
  files('assets', 'Scripts and styles of the pages.', forever),
  files('icons', 'Icons of the pages.', { 'Cache-Control': 'public, max-age=86400' }),
  { ...showOutput, path: '/jobs/:id/log.txt', summary: 'The output as plain text, at the address of the page.' },
];
