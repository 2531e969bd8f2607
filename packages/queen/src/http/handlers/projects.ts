import { createHash } from 'node:crypto';
import { BadgeQuery, Project, ProjectName, ProjectsAnswer, ProjectsQuery } from '@skep/protocol';
import { z } from 'zod';
import { badgeOf } from '../badge.js';
import { route } from '../route.js';

const params = z.object({ project: ProjectName });

export const listProjects = route({
  method: 'get',
  path: '/api/projects',
  summary: 'The projects that jobs name, by name, with their newest jobs and how many passed.',
  scope: 'admin',
  query: ProjectsQuery,
  answer: { status: 200, schema: ProjectsAnswer },
  async handle({ query }, { projects }) {
    return { json: await projects.list(query.after ?? '', query.limit) };
  },
});

export const showProject = route({
  method: 'get',
  path: '/api/projects/:project',
  summary: 'One project: its newest jobs, the newest of each branch, and how long its jobs take.',
  scope: 'admin',
  params,
  answer: { status: 200, schema: Project },
  async handle({ params }, { projects }) {
    return { json: await projects.one(params.project) };
  },
});

export const showBadge = route({
  method: 'get',
  path: '/api/projects/:project/badge.svg',
  summary:
    'How a project stands, as a picture for other pages: passing, failing, running or unknown. Where tokens are needed it is shown to everybody only with `publicBadges`.',
  scope: 'admin',
  isPublicIf: ({ projects }) => projects.hasPublicBadges,
  takesLinks: true,
  params,
  query: BadgeQuery,
  answer: { status: 200, type: 'image/svg+xml' },
  async handle({ params: { project }, query: { branch }, header }, { projects }) {
    const svg = badgeOf(branch === undefined ? project : `${project} ${branch}`, await projects.standing(project, branch));
    const tag = `"${createHash('sha256').update(svg).digest('base64url')}"`;
    const headers = {
      'Content-Type': 'image/svg+xml; charset=utf-8',
      ETag: tag,
      'Cache-Control': 'no-cache',
      'Content-Security-Policy': "default-src 'none'",
      // It is made to stand on pages of elsewhere.
      ...(projects.hasPublicBadges && { 'Cross-Origin-Resource-Policy': 'cross-origin' }),
    };
    if (header('if-none-match') === tag) return { status: 304, headers, empty: true };
    return { headers, text: svg };
  },
});
