import { ArtifactBody, CacheBody, JobId, SkepError, UploadAnswer } from '@skep/protocol';
import { z } from 'zod';
import { route } from '../route.js';

// The id of an upload is known to whoever announced it, and cannot be guessed.
const params = z.object({ upload: z.string().max(100) });

const headersOf = ({ offset, size }: UploadAnswer): Record<string, string> => ({
  'Upload-Offset': String(offset),
  'Upload-Length': String(size),
});

export const announceArtifact = route({
  method: 'post',
  path: '/api/jobs/:id/artifacts',
  summary:
    'Announce an artifact, under the lease of an attempt. Answers where to send it, from which byte on; or that its content is there already.',
  scope: 'drone',
  takesTickets: true,
  params: z.object({ id: JobId }),
  body: ArtifactBody,
  answer: { status: 201, schema: UploadAnswer },
  async handle({ params, body, holder }, { uploads }) {
    if (holder && (holder.id !== params.id || holder.attempt !== body.attempt || holder.lease !== body.lease))
      throw new SkepError('FORBIDDEN', `The ticket is that of another attempt than ${body.attempt} of job ${params.id}`);
    const json = await uploads.announceArtifact(params.id, body);
    return { status: json.stored ? 200 : 201, headers: headersOf(json), json };
  },
});

export const announceCache = route({
  method: 'post',
  path: '/api/caches',
  summary: 'Announce a packed cache; it is uploaded as an artifact is, and has then the place of the one that had its key.',
  scope: 'drone',
  takesTickets: true,
  body: CacheBody,
  answer: { status: 201, schema: UploadAnswer },
  async handle({ body, holder }, { artifacts, uploads }) {
    await artifacts.checkProject(holder, body.project ?? '');
    const json = await uploads.announceCache(body);
    return { status: json.stored ? 200 : 201, headers: headersOf(json), json };
  },
});

export const showUpload = route({
  method: 'get',
  path: '/api/uploads/:upload',
  summary:
    'How far an upload is; also as HEAD, in `Upload-Offset`. Whoever is still sending to it is cut off, so that the answer stays true.',
  scope: 'drone',
  takesTickets: true,
  params,
  answer: { status: 200, schema: UploadAnswer },
  async handle({ params }, { uploads }) {
    const json = await uploads.stateOf(params.upload);
    return { headers: headersOf(json), json };
  },
});

export const appendToUpload = route({
  method: 'patch',
  path: '/api/uploads/:upload',
  summary:
    'Send the next bytes of an upload as the body; `Upload-Offset` says where they begin. What came before a connection broke is kept. ' +
    'With the last byte the digest is checked, and the answer says that all is stored.',
  scope: 'drone',
  takesTickets: true,
  params,
  takesStream: true,
  answer: { status: 200, schema: UploadAnswer },
  async handle({ params, header, stream }, { uploads }) {
    const offset = header('upload-offset');
    if (offset === undefined || !/^\d{1,16}$/.test(offset)) {
      throw new SkepError('INVALID_MESSAGE', 'The header Upload-Offset is missing or not a number', {
        hint: 'Say in it where the bytes begin, counted from 0.',
      });
    }
    const json = await uploads.append(params.upload, Number(offset), stream);
    return { headers: headersOf(json), json };
  },
});
