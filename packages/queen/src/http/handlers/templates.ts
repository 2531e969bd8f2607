import { SubmitAnswer, Template, TemplateBody, TemplateChange, TemplateName, TemplateRunBody, TemplatesAnswer } from '@skep/protocol';
import { z } from 'zod';
import { route } from '../route.js';

const params = z.object({ name: TemplateName });

export const listTemplates = route({
  method: 'get',
  path: '/api/templates',
  summary: 'All templates, by name.',
  scope: 'admin',
  answer: { status: 200, schema: TemplatesAnswer },
  handle: (_request, { templates }) => ({ json: { templates: templates.list() } }),
});

export const addTemplate = route({
  method: 'post',
  path: '/api/templates',
  summary: 'Add a template. Answered when it is durable.',
  scope: 'admin',
  body: TemplateBody,
  answer: { status: 201, schema: Template },
  async handle({ body }, { templates }) {
    return { headers: { Location: `/api/templates/${body.name}` }, json: await templates.add(body) };
  },
});

export const showTemplate = route({
  method: 'get',
  path: '/api/templates/:name',
  summary: 'A template and its parameters.',
  scope: 'admin',
  params,
  answer: { status: 200, schema: Template },
  handle: ({ params }, { templates }) => ({ json: templates.get(params.name) }),
});

export const replaceTemplate = route({
  method: 'put',
  path: '/api/templates/:name',
  summary: 'Put another template in the place of this one.',
  scope: 'admin',
  params,
  body: TemplateChange,
  answer: { status: 200, schema: Template },
  async handle({ params, body }, { templates }) {
    return { json: await templates.replace(params.name, body) };
  },
});

export const removeTemplate = route({
  method: 'delete',
  path: '/api/templates/:name',
  summary: 'Forget a template that no schedule uses.',
  scope: 'admin',
  params,
  answer: { status: 204 },
  async handle({ params }, { templates }) {
    await templates.remove(params.name);
    return { empty: true };
  },
});

export const runTemplate = route({
  method: 'post',
  path: '/api/templates/:name/run',
  summary: 'Submit the job that a template is with these values.',
  scope: 'admin',
  params,
  body: TemplateRunBody.optional(),
  answer: { status: 201, schema: SubmitAnswer },
  async handle({ params, body }, { templates }) {
    const { id } = await templates.run(params.name, body ?? {});
    return { headers: { Location: `/api/jobs/${encodeURIComponent(id)}` }, json: { id } };
  },
});
