import { JobId } from '@skep/protocol';
import { z } from 'zod';
import { pageHtml } from '../page/html.js';
import { pageScript } from '../page/script.js';
import { pageStyle } from '../page/style.js';
import { type Route, route } from '../route.js';

// Public: a page holds nothing, and asks with the token of whoever looks at it.
const fixed = (path: string, type: string, summary: string, text: string): Route =>
  route({
    method: 'get',
    path,
    summary,
    scope: 'public',
    answer: { status: 200, type },
    handle: () => ({ headers: { 'Content-Type': `${type}; charset=utf-8` }, text }),
  });

export const queuePage = fixed('/', 'text/html', 'The jobs that run and the recent ones, for people.', pageHtml);
export const jobPage: Route = {
  ...queuePage,
  path: '/jobs/:id',
  summary: 'A job and its live output, for people.',
  params: z.object({ id: JobId }),
};
export const script = fixed('/page.js', 'text/javascript', 'The script of the pages.', pageScript);
export const style = fixed('/page.css', 'text/css', 'How the pages look.', pageStyle);
