import type { RequestHandler } from 'express';
import type { Access } from './access.js';

const headers = {
  // All that a page of the queen loads comes from the queen; nothing runs that stands in the page itself.
  'Content-Security-Policy': "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  // Keeps a page of elsewhere from taking an answer in as its image or script.
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/** Headers that every answer carries. */
export const setHeaders: RequestHandler = (_request, response, next) => {
  response.set(headers);
  next();
};

/** Lets the pages of configured origins read the answers, and answers their preflights. */
export const shareWithOrigins =
  (access: Pick<Access, 'isConfiguredOrigin'>): RequestHandler =>
  (request, response, next) => {
    const { origin } = request.headers;
    response.vary('Origin');
    if (origin === undefined || !access.isConfiguredOrigin(origin)) return next();
    response.set({
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Expose-Headers':
        'X-Skep-Cursor, X-Skep-Output, X-Skep-Job, X-Skep-Cache-Key, Content-Range, ETag, Location, Upload-Offset',
    });
    if (request.method !== 'OPTIONS') return next();
    response.set({
      'Access-Control-Allow-Methods': 'GET, POST, PUT, PATCH, DELETE',
      'Access-Control-Allow-Headers': 'Authorization, Content-Type, If-Range, Range, Upload-Offset',
      'Access-Control-Max-Age': '600',
    });
    response.status(204).end();
  };
